import type { Selectable } from 'kysely';
import type { TargetLock, TargetSettings } from '../../domain/deployment/target.js';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export interface FlowTarget {
  readonly tenantId: string;
  readonly targetId: string;
  readonly environment: Environment;
  readonly settings: TargetSettings;
  /** Set when a deployment left something that only a person can mend. */
  readonly lock: TargetLock | null;
  /** Grows with each change of the settings. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Node-RED instances that a tenant deploys to. */
export interface FlowTargets {
  /** Throws Conflict when the name is taken in this environment. */
  create(
    target: Pick<FlowTarget, 'tenantId' | 'targetId' | 'environment' | 'settings'> & {
      readonly createdBy: string;
    },
  ): Promise<FlowTarget>;
  get(tenantId: string, environment: Environment, targetId: string): Promise<FlowTarget | undefined>;
  list(tenantId: string, environment: Environment, page: PageRequest): Promise<Page<FlowTarget>>;
  /** All of an installation, for schedules. */
  all(): Promise<readonly FlowTarget[]>;
  /** Throws NotFound, or Conflict when the name is taken. */
  change(
    tenantId: string,
    environment: Environment,
    targetId: string,
    settings: TargetSettings,
  ): Promise<FlowTarget>;
  /** Throws NotFound. Its backups and deployments stay. */
  remove(tenantId: string, environment: Environment, targetId: string): Promise<void>;
  /** The first reason stays until it is acknowledged. */
  lock(tenantId: string, targetId: string, lock: TargetLock): Promise<void>;
  /** Throws NotFound, or Conflict when it is not locked. */
  unlock(tenantId: string, environment: Environment, targetId: string): Promise<FlowTarget>;
}

export function createFlowTargets(database: Database, clock: Clock): FlowTargets {
  const { kysely } = database;
  const own = (tenantId: string, environment: Environment) =>
    kysely
      .selectFrom('flow_targets')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('deleted_at_ms', 'is', null);
  const get: FlowTargets['get'] = async (tenantId, environment, targetId) => {
    const row = await own(tenantId, environment).where('target_id', '=', targetId).executeTakeFirst();
    return row && fromRow(row);
  };
  const refuseTakenName = async (
    tenantId: string,
    environment: Environment,
    name: string,
    except: string | null,
  ): Promise<void> => {
    const taken = await own(tenantId, environment).where('name', '=', name).executeTakeFirst();
    if (taken && taken.target_id !== except) throw new Conflict('Another target has this name.');
  };

  return {
    get,
    create: async ({ tenantId, targetId, environment, settings, createdBy }) => {
      await refuseTakenName(tenantId, environment, settings.name, null);
      const now = clock.nowMs();
      const row = await kysely
        .insertInto('flow_targets')
        .values({
          tenant_id: tenantId,
          target_id: targetId,
          environment,
          name: settings.name,
          settings_json: JSON.stringify(settings),
          lock_json: null,
          version: 1,
          created_by: createdBy,
          created_at_ms: now,
          updated_at_ms: now,
          deleted_at_ms: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new Conflict('Another target has this name.');
      return fromRow(row);
    },
    list: async (tenantId, environment, page) => {
      const after = decodeCursor(page.cursor);
      let query = own(tenantId, environment);
      if (after) query = query.where(behind(after, 'created_at_ms', 'target_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('target_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, (row) => ({ atMs: row.createdAtMs, id: row.targetId }));
    },
    all: async () => {
      const rows = await kysely
        .selectFrom('flow_targets')
        .selectAll()
        .where('deleted_at_ms', 'is', null)
        .orderBy('tenant_id')
        .orderBy('target_id')
        .execute();
      return rows.map(fromRow);
    },
    change: async (tenantId, environment, targetId, settings) => {
      await refuseTakenName(tenantId, environment, settings.name, targetId);
      const row = await kysely
        .updateTable('flow_targets')
        .set((set) => ({
          name: settings.name,
          settings_json: JSON.stringify(settings),
          version: set('version', '+', 1),
          updated_at_ms: clock.nowMs(),
        }))
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('target_id', '=', targetId)
        .where('deleted_at_ms', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new NotFound('There is no such target.');
      return fromRow(row);
    },
    remove: async (tenantId, environment, targetId) => {
      const row = await kysely
        .updateTable('flow_targets')
        .set({ deleted_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('target_id', '=', targetId)
        .where('deleted_at_ms', 'is', null)
        .returning('target_id')
        .executeTakeFirst();
      if (!row) throw new NotFound('There is no such target.');
    },
    lock: async (tenantId, targetId, lock) => {
      await kysely
        .updateTable('flow_targets')
        .set({ lock_json: JSON.stringify(lock), updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('target_id', '=', targetId)
        .where('lock_json', 'is', null)
        .execute();
    },
    unlock: async (tenantId, environment, targetId) => {
      const known = await get(tenantId, environment, targetId);
      if (!known) throw new NotFound('There is no such target.');
      const row = await kysely
        .updateTable('flow_targets')
        .set({ lock_json: null, updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('target_id', '=', targetId)
        .where('lock_json', 'is not', null)
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new Conflict('This target is not locked.');
      return fromRow(row);
    },
  };
}

const fromRow = (row: Selectable<Schema['flow_targets']>): FlowTarget => ({
  tenantId: row.tenant_id,
  targetId: row.target_id,
  environment: row.environment as Environment,
  settings: JSON.parse(row.settings_json) as TargetSettings,
  lock: row.lock_json === null ? null : (JSON.parse(row.lock_json) as TargetLock),
  version: row.version,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
