import { randomUUID } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';

/** A pair of bundles between which new conversations are shared out. */
interface PromptExperiment {
  readonly experimentId: string;
  readonly environment: Environment;
  /** The bundle that was active when the experiment began. */
  readonly control: string;
  readonly challenger: string;
  /** Share of new conversations that get the challenger. */
  readonly percent: number;
  readonly startedBy: string;
  readonly startReason: string;
  readonly startedAtMs: number;
  readonly stoppedBy: string | null;
  readonly stopReason: string | null;
  readonly stoppedAtMs: number | null;
}

interface Decision {
  readonly actor: string;
  readonly reason: string;
}

export interface PromptExperiments {
  /** Throws NotFound for a bundle that is not registered, Conflict while another experiment runs or when the challenger is active already. */
  start(
    tenantId: string,
    environment: Environment,
    pair: Pick<PromptExperiment, 'challenger' | 'percent'>,
    decision: Decision,
  ): Promise<PromptExperiment>;
  /** From now on new conversations get the active bundle. Throws NotFound, or Conflict when it has ended. */
  stop(
    tenantId: string,
    environment: Environment,
    experimentId: string,
    decision: Decision,
  ): Promise<PromptExperiment>;
  running(tenantId: string, environment: Environment): Promise<PromptExperiment | undefined>;
  /** Newest first, the latest 100. */
  list(tenantId: string, environment: Environment): Promise<readonly PromptExperiment[]>;
}

export function createPromptExperiments(database: Database, clock: Clock): PromptExperiments {
  const { kysely } = database;
  return {
    start: (tenantId, environment, { challenger, percent }, { actor, reason }) =>
      database.transaction(async (trx) => {
        const known = await trx
          .selectFrom('prompt_bundles')
          .select('hash')
          .where('tenant_id', '=', tenantId)
          .where('hash', '=', challenger)
          .executeTakeFirst();
        if (!known) throw new NotFound('This bundle is not registered.');
        const active = await trx
          .selectFrom('prompt_pointers')
          .select('hash')
          .where('tenant_id', '=', tenantId)
          .where('environment', '=', environment)
          .executeTakeFirst();
        if (!active) throw new Conflict('No bundle is active to compare with.');
        if (active.hash === challenger) throw new Conflict('The challenger is the active bundle.');
        const inserted = await trx
          .insertInto('prompt_experiments')
          .values({
            tenant_id: tenantId,
            experiment_id: randomUUID(),
            environment,
            control: active.hash,
            challenger,
            percent,
            started_by: actor,
            start_reason: reason,
            started_at_ms: clock.nowMs(),
            stopped_by: null,
            stop_reason: null,
            stopped_at_ms: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!inserted) throw new Conflict('Another experiment is running. Stop it first.');
        return fromRow(inserted);
      }),
    stop: (tenantId, environment, experimentId, { actor, reason }) =>
      database.transaction(async (trx) => {
        const ofThis = trx
          .selectFrom('prompt_experiments')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('environment', '=', environment)
          .where('experiment_id', '=', experimentId);
        const before = await ofThis.executeTakeFirst();
        if (!before) throw new NotFound('There is no such experiment.');
        if (before.stopped_at_ms !== null) throw new Conflict('This experiment has ended.');
        await stopRunningExperiment(trx, [tenantId, environment], { actor, reason }, clock.nowMs());
        return fromRow(await ofThis.executeTakeFirstOrThrow());
      }),
    running: async (tenantId, environment) => {
      const row = await kysely
        .selectFrom('prompt_experiments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('stopped_at_ms', 'is', null)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (tenantId, environment) => {
      const rows = await kysely
        .selectFrom('prompt_experiments')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .orderBy('started_at_ms', 'desc')
        .limit(100)
        .execute();
      return rows.map(fromRow);
    },
  };
}

/** Ends the running experiment of this place, if there is one. */
export async function stopRunningExperiment(
  trx: Transaction<Schema>,
  [tenantId, environment]: readonly [tenantId: string, environment: Environment],
  { actor, reason }: Decision,
  nowMs: number,
): Promise<void> {
  await trx
    .updateTable('prompt_experiments')
    .set({ stopped_by: actor, stop_reason: reason, stopped_at_ms: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('stopped_at_ms', 'is', null)
    .execute();
}

const fromRow = (row: Selectable<Schema['prompt_experiments']>): PromptExperiment => ({
  experimentId: row.experiment_id,
  environment: row.environment as Environment,
  control: row.control,
  challenger: row.challenger,
  percent: row.percent,
  startedBy: row.started_by,
  startReason: row.start_reason,
  startedAtMs: row.started_at_ms,
  stoppedBy: row.stopped_by,
  stopReason: row.stop_reason,
  stoppedAtMs: row.stopped_at_ms,
});
