import type { Selectable } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

/** Flows that may be deployed; their text is the document of the same hash. */
export interface FlowArtifact {
  readonly hash: string;
  readonly name: string;
  readonly origin: 'folder' | 'upload';
  readonly nodes: number;
  readonly tabs: readonly { readonly id: string; readonly label: string }[];
  readonly registeredBy: string;
  readonly createdAtMs: number;
}

export interface FlowArtifacts {
  /** Content-addressed: the same flows again change nothing. True when they were new. */
  put(tenantId: string, artifact: Omit<FlowArtifact, 'createdAtMs'>): Promise<boolean>;
  get(tenantId: string, hash: string): Promise<FlowArtifact | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<FlowArtifact>>;
}

export const createFlowArtifacts = ({ kysely }: Database, clock: Clock): FlowArtifacts => ({
  put: async (tenantId, { hash, name, origin, nodes, tabs, registeredBy }) => {
    const row = await kysely
      .insertInto('flow_artifacts')
      .values({
        tenant_id: tenantId,
        hash,
        name,
        origin,
        nodes,
        tabs_json: JSON.stringify(tabs),
        registered_by: registeredBy,
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'hash']).doNothing())
      .returning('hash')
      .executeTakeFirst();
    return row !== undefined;
  },
  get: async (tenantId, hash) => {
    const row = await kysely
      .selectFrom('flow_artifacts')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && fromRow(row);
  },
  list: async (tenantId, page) => {
    const after = decodeCursor(page.cursor);
    let query = kysely.selectFrom('flow_artifacts').selectAll().where('tenant_id', '=', tenantId);
    if (after) query = query.where(behind(after, 'created_at_ms', 'hash'));
    const rows = await query
      .orderBy('created_at_ms', 'desc')
      .orderBy('hash', 'desc')
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows.map(fromRow), page.limit, (row) => ({ atMs: row.createdAtMs, id: row.hash }));
  },
});

const fromRow = (row: Selectable<Schema['flow_artifacts']>): FlowArtifact => ({
  hash: row.hash,
  name: row.name,
  origin: row.origin as FlowArtifact['origin'],
  nodes: row.nodes,
  tabs: JSON.parse(row.tabs_json) as FlowArtifact['tabs'],
  registeredBy: row.registered_by,
  createdAtMs: row.created_at_ms,
});
