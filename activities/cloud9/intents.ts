import { createHash } from 'node:crypto';
import type { IntentRow } from '../../platform/store/intents.js';
import { Conflict } from '../../platform/store/errors.js';
import { Cloud9Error, failureOf, nothingHappened, type Cloud9Fault } from './errors.js';
import type { Cloud9Deps, Practice, PracticeAddress } from './practice.js';
import type { Procedure } from './procedures/procedure.js';

/** One send of a recorded intent. `attempt` counts the tries that the workflow means; a try that was throttled was none. */
export type SendIntent = PracticeAddress & { readonly intentId: string; readonly attempt: number };

/** One look at what an intent did. */
export type ReconcileIntent = PracticeAddress & { readonly intentId: string };

/** What we keep about an intent besides its status. */
export interface IntentResult {
  /** Tries that were given back, because the server refused them with code 8 and executed nothing. */
  readonly givenBack: number;
  /** The GUID that the server named for the new record. */
  readonly guid: string | null;
  readonly reason: string | null;
}

const resultOf = (intent: IntentRow): IntentResult => ({
  givenBack: 0,
  guid: null,
  reason: null,
  ...(intent.result as Partial<IntentResult> | null),
});

/** Writes the intent down before anything is sent. The same intent again is no error; the same id for another order is Conflict. */
export async function recordIntent(
  deps: Cloud9Deps,
  address: PracticeAddress & { readonly conversationId: string; readonly intentId: string },
  kind: IntentRow['kind'],
  payload: object,
): Promise<IntentRow> {
  const payloadHash = createHash('sha256').update(JSON.stringify(payload)).digest('hex');
  const { tenantId, environment, conversationId, intentId } = address;
  try {
    return await deps.store.intents.record({
      tenantId,
      environment,
      conversationId,
      intentId,
      kind,
      payload,
      payloadHash,
    });
  } catch (error) {
    if (error instanceof Conflict)
      throw failureOf('Conflict', { reason: 'intent id used for another order' });
    throw error;
  }
}

/** A recorded intent with its payload. One of another environment or kind does not exist here. */
export async function openIntent<Payload>(
  deps: Cloud9Deps,
  { tenantId, environment, intentId }: ReconcileIntent,
  kind: IntentRow['kind'],
): Promise<{ readonly row: IntentRow; readonly payload: Payload; readonly result: IntentResult }> {
  const row = await deps.store.intents.get(tenantId, intentId);
  if (row?.environment !== environment || row.kind !== kind)
    throw failureOf('RecordNotFound', { reason: 'intent' });
  // Written by `recordIntent` of this room, for this kind.
  return { row, payload: row.payload as Payload, result: resultOf(row) };
}

export async function settleIntent(
  deps: Cloud9Deps,
  intent: { readonly row: IntentRow; readonly result: IntentResult },
  status: 'done' | 'absent' | 'refused' | 'unknown',
  change: Partial<IntentResult> = {},
): Promise<void> {
  await deps.store.intents.settle(intent.row.tenantId, intent.row.intentId, status, {
    ...intent.result,
    ...change,
  });
}

/** How one try went. `refused` is definite: nothing was executed. After `unclear` only reading may decide what comes next. */
export type Tried<Output> =
  | { readonly kind: 'answered'; readonly output: Output }
  | { readonly kind: 'alreadyDone'; readonly guid: string | null }
  | {
      readonly kind: 'refused';
      readonly fault: Extract<Cloud9Fault, { kind: 'refused' | 'slotTaken' | 'notFound' | 'badRequest' }>;
    }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'wait'; readonly waitMs: number };

/** The number under which a try is claimed: each real send has its own, so that a throttled try can be made again. */
const claimNumber = (attempt: number, result: IntentResult): number => attempt + result.givenBack;

/**
 * Claims numbers in order. Those below that nobody took belonged to tries that ended before they could send; taking them shuts such a
 * try out for good, should it only have been slow.
 */
async function claimInOrder(deps: Cloud9Deps, row: IntentRow, number: number): Promise<'fresh' | 'claimed'> {
  for (let below = row.attempts + 1; below < number; below += 1) {
    await deps.store.intents.claim(row.tenantId, row.intentId, below);
  }
  return deps.store.intents.claim(row.tenantId, row.intentId, number);
}

const ticketOf = (intentId: string, claim: number): string => `${intentId}#${claim}`;

/**
 * Sends an intent at most once per attempt (DESIGN, rule 4). Who comes second under one attempt does not send and gets `unclear`; an
 * intent that is done answers what it did. Throws only what concerns no order in particular: Cloud9Auth, Cloud9NotAuthorised,
 * Cloud9OutsideWindow (nothing was executed).
 */
export async function sendIntent<Input, Output>(
  deps: Cloud9Deps,
  practice: Practice,
  intent: { readonly row: IntentRow; readonly result: IntentResult },
  attempt: number,
  write: { readonly procedure: Procedure<Input, Output>; readonly input: Input },
): Promise<Tried<Output>> {
  const { row, result } = intent;
  if (row.status === 'done') return { kind: 'alreadyDone', guid: result.guid };
  const claim = claimNumber(attempt, result);
  const sent = await practice.send(write.procedure, write.input, {
    ticket: ticketOf(row.intentId, claim),
    claim: () => claimInOrder(deps, row, claim),
  });
  switch (sent.kind) {
    case 'answered':
    case 'wait':
      return sent;
    case 'claimed':
      return { kind: 'unclear' };
    case 'throttled':
      // Code 8: not executed (cloud9.md 4.1). The next call under this attempt claims the next number.
      await settleIntent(deps, intent, 'absent', { givenBack: result.givenBack + 1 });
      return { kind: 'wait', waitMs: sent.waitMs };
    case 'failed':
      return refusedOrUnclear(deps, intent, write.procedure.name, sent.fault);
  }
}

async function refusedOrUnclear(
  deps: Cloud9Deps,
  intent: { readonly row: IntentRow; readonly result: IntentResult },
  procedure: string,
  fault: Cloud9Fault,
): Promise<{ kind: 'unclear' } | Extract<Tried<never>, { kind: 'refused' }>> {
  if (!nothingHappened(fault)) {
    await settleIntent(deps, intent, 'unknown', { reason: fault.kind });
    return { kind: 'unclear' };
  }
  const reason = fault.kind === 'refused' ? fault.reason : fault.kind;
  await settleIntent(deps, intent, 'refused', { reason });
  if (
    fault.kind === 'refused' ||
    fault.kind === 'slotTaken' ||
    fault.kind === 'notFound' ||
    fault.kind === 'badRequest'
  ) {
    return { kind: 'refused', fault };
  }
  throw new Cloud9Error(procedure, fault);
}

/** Reading has settled what the last try did: a sender that died must not hold the queue until its lease ends. */
export async function freeQueue(
  practice: Practice,
  row: IntentRow,
  procedure: Procedure<never, unknown>,
): Promise<void> {
  if (row.attempts > 0) await practice.leave(procedure, ticketOf(row.intentId, row.attempts));
}
