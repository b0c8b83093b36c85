import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deskOrderWorkflowId } from '../../workflows/ids.js';
import type { DeskOrder, DeskOutcome } from '../../workflows/practice-desk/messages.js';
import { leaveAudit } from '../audit.js';
import { Problem } from '../problems.js';
import type { Actor, Origin, TenantScope } from '../route.js';
import type { ApiServices } from '../services.js';

/** Header of writes that must not happen twice: the same key again gets the same answer, for another body 409. */
export const idempotent = z.object({
  'idempotency-key': z
    .string({ error: 'is required: a value of your own, the same for every repetition of this request' })
    .regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 printable characters'),
});

export const waitQuery = z.strictObject({
  waitMs: z.coerce.number().int().min(0).max(60_000).default(25_000),
});

/** The order goes on. Its outcome is at `statusUrl`; sending the request again with the same key gives its answer. */
export const running = z.object({
  orderId: z.string(),
  status: z.literal('running'),
  statusUrl: z.string(),
});

export const stillRunning = (
  orderId: string,
): { readonly status: 202; readonly body: z.output<typeof running> } => ({
  status: 202,
  body: { orderId, status: 'running', statusUrl: `/api/desk-orders/${orderId}` },
});

/** Failures of every write of the desk. */
export const writeFailures = [
  'Conflict',
  'Cloud9NotFound',
  'Cloud9Refused',
  'Cloud9Unavailable',
  'OutcomeUnknown',
  'WorkerUnavailable',
  'TemporalUnavailable',
] as const;

type Call = Actor & TenantScope & Origin & { readonly correlate: (id: string) => void };
type Content<Order> = Order extends DeskOrder
  ? Omit<Order, 'tenantId' | 'environment' | 'orderId' | 'settleMs'>
  : never;

interface Write {
  /** Null for a write that is its own key: repeating it changes nothing. */
  readonly key: string | null;
  readonly isTest: boolean;
  /** What the audit row is about; no personal data. */
  readonly target: string;
  readonly content: Content<DeskOrder>;
  /** What must hold now of an order that has no answer yet; a kept answer is given whatever has changed since. Throws ValidationFailed. */
  readonly check?: () => void;
  /** What the caller sent, to tell a repetition from another request under the same key. */
  readonly request: unknown;
  readonly waitMs: number;
}

/**
 * Leaves the audit row, remembers what the key stands for, and carries the order out once. Throws Conflict for a key of another request,
 * and the problem of an outcome that changed nothing.
 */
export async function orderWrite(
  call: Call,
  { store, practiceDesk, config }: Pick<ApiServices, 'store' | 'practiceDesk' | 'config'>,
  { key, isTest, target, content, check, request, waitMs }: Write,
): Promise<{ readonly orderId: string } & ({ readonly outcome: DeskOutcome } | { readonly outcome: null })> {
  const { tenant, environment, user } = call;
  const tenantId = tenant.slug;
  const operation = content.kind;
  const orderId = digest([tenantId, environment, operation, key ?? randomUUID()]).slice(0, 32);
  call.correlate(deskOrderWorkflowId(tenantId, orderId));
  const requestHash = digest(request);
  const kept = await store.deskOrders.find(tenantId, environment, orderId);
  const isAnswered = kept?.requestHash === requestHash && kept.result !== null;
  if (!isAnswered) check?.();
  const { result } = await store.deskOrders.begin({
    tenantId,
    environment,
    orderId,
    operation,
    requestHash,
    isTest,
    actorUserId: user.userId,
  });
  await leaveAudit(store, call, {
    tenantId,
    action: `desk.${operation}`,
    target,
    detail: { orderId, environment, isTest },
  });
  if (result !== null) return { orderId, outcome: succeeded(content, result as DeskOutcome) };
  const { settleMs } = config.cloud9;
  const ended = await practiceDesk.order({ tenantId, environment, orderId, settleMs, ...content }, waitMs);
  return { orderId, outcome: ended.kind === 'running' ? null : succeeded(content, ended.outcome) };
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Lets pass what changed something, or is what was wanted; everything else is a problem. */
function succeeded(content: Content<DeskOrder>, outcome: DeskOutcome): DeskOutcome {
  switch (outcome.kind) {
    case 'notFound':
      throw new Problem('Cloud9NotFound');
    case 'notScheduled':
      throw new Problem('Cloud9Refused', { detail: 'Only a scheduled appointment can be changed.' });
    case 'inThePast':
      throw new Problem('Cloud9Refused', { detail: 'An appointment in the past cannot be cancelled.' });
    case 'refused':
      throw new Problem('Cloud9Refused');
    case 'notAuthorised':
      throw new Problem('Cloud9NotAuthorised', {
        detail: 'This feature is not authorised for the practice. Change the record in the practice system.',
      });
    case 'unavailable':
      throw new Problem('Cloud9Unavailable', {
        detail: 'Nothing was changed. Send it again with the same Idempotency-Key.',
      });
    case 'unanswered':
      throw new Problem('OutcomeUnknown', { detail: whereToLook(content) });
    case 'placeHeld':
      throw new Problem('SlotTaken', { detail: 'Somebody is booking this place just now.' });
    case 'unclear':
      throw new Problem('OutcomeUnknown', { detail: `A person must look: staff task ${outcome.taskId}.` });
    case 'patientCreated':
    case 'patientKnown':
    case 'patientChanged':
    case 'commented':
    case 'visits':
    case 'confirmed':
    case 'cancelled':
    case 'alreadyCancelled':
      return outcome;
  }
}

/** A write that may be sent twice: whether it arrived can be seen, or does not matter. */
function whereToLook(content: Content<DeskOrder>): string {
  switch (content.kind) {
    case 'changePatient':
      return `It may have been changed. Look at /api/patients/${content.patientGuid}; sending it again does no harm.`;
    case 'comment':
      return `It may have been added. Send it again with the same Idempotency-Key: a comment that arrives twice has the same marker.`;
    case 'confirm':
    case 'cancel':
    case 'reschedule':
      return `It may have happened. Look at /api/appointments?patient=${content.patientGuid}; sending it again does no harm.`;
    case 'registerPatient':
    case 'book':
      return 'It may have happened. Send it again with the same Idempotency-Key.';
  }
}
