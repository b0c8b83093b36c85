import type { Selectable, Transaction } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';
import { stopRunningExperiment } from './prompt-experiments.js';

/** Who moved a pointer, and why. */
interface Decision {
  readonly actor: string;
  readonly reason: string;
}

/** Who acts when no person does. */
export const systemActor = 'system';

export interface Activation extends Decision {
  /** Counts from 1 within a tenant and environment. */
  readonly activation: number;
  readonly hash: string;
  /** `folder`: the service took changed files over by itself; `chosen` and `rolledBack`: a person did it. */
  readonly kind: 'folder' | 'chosen' | 'rolledBack';
  readonly createdAtMs: number;
}

/**
 * The bundle that new conversations of a tenant and environment get, and the history of that pointer. Every move stops a running
 * experiment: it must reach all new conversations at once.
 */
export interface PromptActivations {
  active(tenantId: string, environment: Environment): Promise<Activation | undefined>;
  /** Newest first, the latest 100. */
  history(tenantId: string, environment: Environment): Promise<readonly Activation[]>;
  /** Activating what is active changes nothing. Throws NotFound for a bundle that is not registered in this tenant. */
  choose(tenantId: string, environment: Environment, hash: string, decision: Decision): Promise<Activation>;
  /**
   * Returns to the activation before the one of `from`; a second rollback goes one further back. Throws Conflict when `from` is not
   * active (a rollback sent twice steps back once), or when nothing came before it.
   */
  rollBack(tenantId: string, environment: Environment, from: string, decision: Decision): Promise<Activation>;
  /**
   * Takes over what the files say now. `waiting`: a person must decide, because it is production, or a person chose the active bundle, or
   * an experiment runs. The first bundle of a tenant and environment needs nobody.
   */
  followFolder(
    tenantId: string,
    environment: Environment,
    hash: string,
  ): Promise<'unchanged' | 'activated' | 'waiting'>;
}

/** True while changed files need no person: in sandbox, until somebody has chosen or rolled back (an experiment aside). */
export const followsFolder = (environment: Environment, active: Pick<Activation, 'kind'>): boolean =>
  environment === 'sandbox' && active.kind === 'folder';

type Place = readonly [tenantId: string, environment: Environment];

export function createPromptActivations(database: Database, clock: Clock): PromptActivations {
  const move = async (
    trx: Transaction<Schema>,
    [tenantId, environment]: Place,
    to: { readonly hash: string; readonly kind: Activation['kind']; readonly previous: number | null },
    { actor, reason }: Decision,
  ): Promise<Activation> => {
    const now = clock.nowMs();
    await stopRunningExperiment(trx, [tenantId, environment], { actor, reason }, now);
    const last = await trx
      .selectFrom('prompt_activations')
      .select((select) => select.fn.max('activation').as('activation'))
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .executeTakeFirst();
    const row = {
      tenant_id: tenantId,
      environment,
      activation: (last?.activation ?? 0) + 1,
      ...to,
      actor,
      reason,
      created_at_ms: now,
    };
    await trx.insertInto('prompt_activations').values(row).execute();
    const pointer = { hash: to.hash, actor, activation: row.activation, updated_at_ms: now };
    await trx
      .insertInto('prompt_pointers')
      .values({ tenant_id: tenantId, environment, ...pointer })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'environment']).doUpdateSet(pointer))
      .execute();
    return fromRow(row);
  };

  return {
    active: async (...place) => {
      const row = await currentRow(database.kysely, place);
      return row && fromRow(row);
    },
    history: async (tenantId, environment) => {
      const rows = await database.kysely
        .selectFrom('prompt_activations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .orderBy('activation', 'desc')
        .limit(100)
        .execute();
      return rows.map(fromRow);
    },
    choose: (tenantId, environment, hash, decision) =>
      database.transaction(async (trx) => {
        const current = await currentRow(trx, [tenantId, environment]);
        if (current?.hash === hash && current.kind !== 'folder') return fromRow(current);
        const known = await trx
          .selectFrom('prompt_bundles')
          .select('hash')
          .where('tenant_id', '=', tenantId)
          .where('hash', '=', hash)
          .executeTakeFirst();
        if (!known) throw new NotFound('This bundle is not registered.');
        const to = { hash, kind: 'chosen', previous: current?.activation ?? null } as const;
        return move(trx, [tenantId, environment], to, decision);
      }),
    rollBack: (tenantId, environment, from, decision) =>
      database.transaction(async (trx) => {
        const place = [tenantId, environment] as const;
        const current = await currentRow(trx, place);
        if (current?.hash !== from) throw new Conflict('The bundle that you roll back from is not active.');
        const target = await earlierBundle(trx, place, current);
        if (!target) throw new Conflict('No other bundle was active before this one.');
        const to = { hash: target.hash, kind: 'rolledBack', previous: target.previous } as const;
        return move(trx, place, to, decision);
      }),
    followFolder: (tenantId, environment, hash) =>
      database.transaction(async (trx) => {
        const current = await currentRow(trx, [tenantId, environment]);
        if (current?.hash === hash) return 'unchanged';
        if (current && !(await mayFollow(trx, [tenantId, environment], current))) return 'waiting';
        const to = { hash, kind: 'folder', previous: current?.activation ?? null } as const;
        const reason = current ? 'the files changed' : 'the first bundle';
        await move(trx, [tenantId, environment], to, { actor: systemActor, reason });
        return 'activated';
      }),
  };
}

type Reader = Pick<Transaction<Schema>, 'selectFrom'>;
type ActivationRow = Selectable<Schema['prompt_activations']>;

const currentRow = (reader: Reader, [tenantId, environment]: Place): Promise<ActivationRow | undefined> =>
  reader
    .selectFrom('prompt_activations')
    .selectAll('prompt_activations')
    .innerJoin('prompt_pointers', (join) =>
      join
        .onRef('prompt_pointers.tenant_id', '=', 'prompt_activations.tenant_id')
        .onRef('prompt_pointers.environment', '=', 'prompt_activations.environment')
        .onRef('prompt_pointers.activation', '=', 'prompt_activations.activation'),
    )
    .where('prompt_activations.tenant_id', '=', tenantId)
    .where('prompt_activations.environment', '=', environment)
    .executeTakeFirst();

/** The latest activation before this one that was of another bundle: going back to the same one would change nothing. */
async function earlierBundle(
  reader: Reader,
  [tenantId, environment]: Place,
  from: ActivationRow,
): Promise<ActivationRow | undefined> {
  let row: ActivationRow | undefined = from;
  while (row && row.hash === from.hash) {
    if (row.previous === null) return undefined;
    row = await reader
      .selectFrom('prompt_activations')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('activation', '=', row.previous)
      .executeTakeFirst();
  }
  return row;
}

async function mayFollow(
  reader: Reader,
  [tenantId, environment]: Place,
  current: ActivationRow,
): Promise<boolean> {
  if (!followsFolder(environment, fromRow(current))) return false;
  const running = await reader
    .selectFrom('prompt_experiments')
    .select('experiment_id')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('stopped_at_ms', 'is', null)
    .executeTakeFirst();
  return running === undefined;
}

const fromRow = (row: Omit<ActivationRow, 'tenant_id' | 'environment'>): Activation => ({
  activation: row.activation,
  hash: row.hash,
  kind: row.kind as Activation['kind'],
  actor: row.actor,
  reason: row.reason,
  createdAtMs: row.created_at_ms,
});
