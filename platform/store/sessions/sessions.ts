import type { SessionGroup, SessionRule } from '../../../domain/sessions/session-group.js';
import type { SearchTerm } from '../../../domain/search/search-terms.js';
import type { SessionFacts } from '../../../domain/statistics/session-facts.js';
import type { TraceFacts } from '../../../domain/statistics/trace-facts.js';
import type { Outcome } from '../../../domain/outcome.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { transcriptIndexOf } from '../../database/transcript-index.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { digestChanges } from './digest-changes.js';
import { factsOf } from './facts-text.js';
import { findHits, type TurnHit } from './find-hits.js';
import { findSaid } from './find-said.js';

export interface Session {
  readonly sessionId: string;
  readonly groupedBy: SessionGroup['by'];
  readonly facts: SessionFacts;
}

export interface SessionTurn {
  readonly traceId: string;
  readonly facts: TraceFacts;
}

export interface LoggedChange {
  readonly kind: 'merged' | 'split' | 'ended';
  readonly sessionId: string;
  readonly otherId: string | null;
  readonly atMs: number;
}

export interface SessionFilter {
  readonly outcome?: Outcome | undefined;
  readonly agent?: string | undefined;
  readonly userId?: string | undefined;
  readonly withErrors?: boolean | undefined;
  /** Sessions whose last activity lies in [fromMs, toMs). */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Sessions in which each of them was said; none at all are said nowhere. */
  readonly said?: readonly SearchTerm[] | undefined;
}

export interface Sessions {
  /**
   * Brings sessions, daily counts, price findings and the search index up to date with a portion of the traces that changed, in one transaction, and returns
   * how many it took; 0 = nothing waits. A portion that was lost with its process is taken again.
   */
  digest(tenantId: string, environment: Environment, rule: SessionRule): Promise<number>;
  list(
    tenantId: string,
    environment: Environment,
    filter: SessionFilter,
    page: PageRequest,
  ): Promise<Page<Session>>;
  /** Where the terms are said in these sessions: up to three turns of each, by their start. */
  hits(
    tenantId: string,
    environment: Environment,
    sessionIds: readonly string[],
    terms: readonly SearchTerm[],
  ): Promise<ReadonlyMap<string, readonly TurnHit[]>>;
  /** By our id, by one that was merged into another session, by a session id of Langfuse, or by the id of a trace or an observation. */
  find(tenantId: string, environment: Environment, anyId: string): Promise<Session | undefined>;
  /** By their start. */
  turns(tenantId: string, environment: Environment, sessionId: string): Promise<readonly SessionTurn[]>;
  changes(tenantId: string, environment: Environment, sessionId: string): Promise<readonly LoggedChange[]>;
}

/** Traces of one transaction: some thousand rows, so that other writers wait for a fraction of a second only. */
const portion = 200;

/** A chain of merges that is longer than this is no chain but a circle: an id may come back after a split. */
const mostMerges = 20;

export function createSessions(database: Database, clock: Clock): Sessions {
  const { kysely } = database;
  const index = transcriptIndexOf(database);
  const owned = (tenantId: string, environment: Environment) => ({ tenant_id: tenantId, environment });
  const get = async (tenantId: string, environment: Environment, sessionId: string) => {
    const row = await kysely
      .selectFrom('sessions')
      .selectAll()
      .where((where) => where.and({ ...owned(tenantId, environment), session_id: sessionId }))
      .executeTakeFirst();
    return row && sessionOf(row);
  };
  /** Where a session went that is no more. */
  const merged = async (tenantId: string, environment: Environment, sessionId: string) => {
    let id = sessionId;
    for (let step = 0; step < mostMerges; step += 1) {
      const change = await kysely
        .selectFrom('session_changes')
        .select('other_id')
        .where((where) => where.and({ ...owned(tenantId, environment), session_id: id, kind: 'merged' }))
        .orderBy('at_ms', 'desc')
        .executeTakeFirst();
      if (!change || change.other_id === null) return undefined;
      id = change.other_id;
      const session = await get(tenantId, environment, id);
      if (session) return session;
    }
    return undefined;
  };

  return {
    digest: (tenantId, environment, rule) =>
      database.transaction((trx) =>
        digestChanges(trx, index, { tenantId, environment }, rule, portion, clock.nowMs()),
      ),

    list: async (tenantId, environment, filter, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely.selectFrom('sessions').where((where) => where.and(owned(tenantId, environment)));
      const { outcome, agent, userId, withErrors, fromMs, toMs, said } = filter;
      if (said?.length === 0) return { rows: [], nextCursor: null };
      if (outcome !== undefined) query = query.where('outcome', '=', outcome);
      if (agent !== undefined) query = query.where('agent', '=', agent);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      if (withErrors !== undefined) query = query.where('turns_with_error', withErrors ? '>' : '=', 0);
      if (fromMs !== undefined) query = query.where('last_at_ms', '>=', fromMs);
      if (toMs !== undefined) query = query.where('last_at_ms', '<', toMs);
      if (after) query = query.where(behind(after, 'last_at_ms', 'session_id'));
      query = query.orderBy('last_at_ms', 'desc').orderBy('session_id', 'desc');
      const rows = await findSaid(
        kysely,
        index,
        { tenantId, environment },
        query,
        said ?? [],
        page.limit + 1,
      );
      return pageOf(rows.map(sessionOf), page.limit, ({ sessionId, facts }) => ({
        atMs: facts.lastAtMs,
        id: sessionId,
      }));
    },

    hits: (tenantId, environment, sessionIds, terms) =>
      findHits(kysely, index, { tenantId, environment }, sessionIds, terms),

    find: async (tenantId, environment, anyId) => {
      const own = await get(tenantId, environment, anyId);
      if (own) return own;
      const into = await merged(tenantId, environment, anyId);
      if (into) return into;
      const row = await kysely
        .selectFrom('imported_traces as trace')
        .innerJoin('trace_facts as facts', (join) =>
          join
            .onRef('facts.tenant_id', '=', 'trace.tenant_id')
            .onRef('facts.environment', '=', 'trace.environment')
            .onRef('facts.trace_id', '=', 'trace.trace_id'),
        )
        .select('facts.session_id')
        .where('trace.tenant_id', '=', tenantId)
        .where('trace.environment', '=', environment)
        .where((where) =>
          where.or([where('trace.session_id', '=', anyId), where('trace.trace_id', '=', anyId)]),
        )
        .limit(1)
        .executeTakeFirst();
      if (row) return get(tenantId, environment, row.session_id);
      const observed = await kysely
        .selectFrom('imported_observations as observation')
        .innerJoin('trace_facts as facts', (join) =>
          join
            .onRef('facts.tenant_id', '=', 'observation.tenant_id')
            .onRef('facts.environment', '=', 'observation.environment')
            .onRef('facts.trace_id', '=', 'observation.trace_id'),
        )
        .select('facts.session_id')
        .where('observation.tenant_id', '=', tenantId)
        .where('observation.environment', '=', environment)
        .where('observation.observation_id', '=', anyId)
        // An id that several traces use says most likely what happened last.
        .orderBy('observation.started_at_ms', 'desc')
        .limit(1)
        .executeTakeFirst();
      return observed && get(tenantId, environment, observed.session_id);
    },

    turns: async (tenantId, environment, sessionId) => {
      const rows = await kysely
        .selectFrom('trace_facts')
        .select(['trace_id', 'facts_json'])
        .where((where) => where.and({ ...owned(tenantId, environment), session_id: sessionId }))
        .orderBy('started_at_ms')
        .orderBy('trace_id')
        .execute();
      return rows.map((row) => ({ traceId: row.trace_id, facts: factsOf<TraceFacts>(row.facts_json) }));
    },

    changes: async (tenantId, environment, sessionId) => {
      const rows = await kysely
        .selectFrom('session_changes')
        .selectAll()
        .where((where) => where.and(owned(tenantId, environment)))
        .where((where) => where.or([where('session_id', '=', sessionId), where('other_id', '=', sessionId)]))
        .orderBy('at_ms')
        .execute();
      return rows.map((row) => ({
        kind: row.kind as LoggedChange['kind'],
        sessionId: row.session_id,
        otherId: row.other_id,
        atMs: row.at_ms,
      }));
    },
  };
}

const sessionOf = (row: Schema['sessions']): Session => ({
  sessionId: row.session_id,
  groupedBy: row.group_key.split('.')[0] as SessionGroup['by'],
  facts: factsOf<SessionFacts>(row.facts_json),
});
