import { asActivity } from './activity-scope.js';
import { appointmentsOf } from './appointments.js';
import { Cloud9Error, type RefusalReason } from './errors.js';
import {
  freeQueue,
  openIntent,
  recordIntent,
  sendIntent,
  settleIntent,
  type ReconcileIntent,
  type SendIntent,
} from './intents.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import { setAppointmentStatusCanceled } from './procedures/writes.js';

type PrepareCancel = PracticeAddress & {
  readonly conversationId: string;
  readonly intentId: string;
  readonly appointmentGuid: string;
  readonly patientGuid: string;
};

interface CancelOrder {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
}

type Standing = 'cancelled' | 'active' | 'notFound';

export interface CancelActivities {
  /** Writes the intent. Safe to repeat. */
  readonly prepareCancel: (input: PrepareCancel) => Promise<{ readonly kind: 'ready' }>;
  /**
   * Sends SetAppointmentStatusCanceled, once per intent and attempt, and reads the appointment back, because the sentence of success is
   * unknown (cloud9.md 3.4). `unclear` = reconcile. `wait` = nothing was sent, call again with the same attempt. Throws Cloud9Auth,
   * Cloud9NotAuthorised, Cloud9OutsideWindow: nothing was executed.
   */
  readonly cancelAppointment: (
    input: SendIntent,
  ) => Promise<
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'alreadyCancelled' }
    | { readonly kind: 'inThePast' }
    | { readonly kind: 'refused'; readonly reason: RefusalReason }
    | { readonly kind: 'unclear' }
    | { readonly kind: 'wait'; readonly waitMs: number }
  >;
  /** Reads whether the appointment is cancelled now, and settles the intent by that. `cancelled` writes the ledger. */
  readonly reconcileCancel: (input: ReconcileIntent) => Promise<{ readonly kind: Standing }>;
}

async function standingOf(practice: Practice, order: CancelOrder): Promise<Standing> {
  const appointments = await appointmentsOf(practice, order.patientGuid);
  const appointment = appointments.find((known) => known.appointmentGuid === order.appointmentGuid);
  if (!appointment) return 'notFound';
  return appointment.status === 'Cancelled' ? 'cancelled' : 'active';
}

/** The same inside a write's activity, where a read that cannot be had now is left to `reconcileCancel`. */
async function standingNow(practice: Practice, order: CancelOrder): Promise<Standing | 'unknown'> {
  try {
    return await standingOf(practice, order);
  } catch (error) {
    if (error instanceof Cloud9Error) return 'unknown';
    throw error;
  }
}

export function createCancelActivities(deps: Cloud9Deps): CancelActivities {
  type Intent = Awaited<ReturnType<typeof openIntent<CancelOrder>>>;

  /** `already` = somebody else had cancelled it before we asked: the aim is reached, and nothing that we sent changed it. */
  async function recordCancelled(intent: Intent, already = false): Promise<void> {
    const { tenantId, environment, conversationId, intentId } = intent.row;
    await settleIntent(deps, intent, 'done');
    await deps.store.ledger.append({
      tenantId,
      environment,
      conversationId,
      entryId: `${intentId}.cancelled`,
      kind: 'cancelled',
      appointmentGuid: intent.payload.appointmentGuid,
      patientGuid: intent.payload.patientGuid,
      intentId,
      detail: already ? { already } : {},
    });
  }

  /** What a refused cancel means: unknown sentences are told apart by reading, known ones by themselves. */
  async function afterRefusal(
    practice: Practice,
    intent: Intent,
    attempt: number,
    reason: RefusalReason,
  ): Promise<Awaited<ReturnType<CancelActivities['cancelAppointment']>>> {
    if (reason === 'inThePast') return { kind: 'inThePast' };
    const standing =
      reason === 'alreadyCancelled' ? 'cancelled' : await standingNow(practice, intent.payload);
    if (standing === 'cancelled') {
      // On the repeat it may be our own first try, come late.
      await recordCancelled(intent, attempt === 1);
      return { kind: 'alreadyCancelled' };
    }
    return { kind: 'refused', reason: standing === 'notFound' ? 'notFound' : reason };
  }

  return {
    prepareCancel: (input) =>
      asActivity(async (scope) => {
        await openPractice(deps, input, scope);
        const order: CancelOrder = {
          appointmentGuid: input.appointmentGuid.toLowerCase(),
          patientGuid: input.patientGuid.toLowerCase(),
        };
        await recordIntent(deps, input, 'cancelAppointment', order);
        return { kind: 'ready' };
      }),

    cancelAppointment: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<CancelOrder>(deps, input, 'cancelAppointment');
        const tried = await sendIntent(deps, practice, intent, input.attempt, {
          procedure: setAppointmentStatusCanceled,
          input: { appointmentGuid: intent.payload.appointmentGuid },
        });
        switch (tried.kind) {
          case 'answered':
            if ((await standingNow(practice, intent.payload)) !== 'cancelled') return { kind: 'unclear' };
            await recordCancelled(intent);
            return { kind: 'cancelled' };
          case 'alreadyDone':
            return { kind: 'cancelled' };
          case 'refused':
            return afterRefusal(
              practice,
              intent,
              input.attempt,
              tried.fault.kind === 'refused' ? tried.fault.reason : 'badParameter',
            );
          case 'unclear':
          case 'wait':
            return tried;
        }
      }),

    reconcileCancel: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<CancelOrder>(deps, input, 'cancelAppointment');
        const standing = await standingOf(practice, intent.payload);
        await freeQueue(practice, intent.row, setAppointmentStatusCanceled);
        if (standing === 'cancelled') await recordCancelled(intent);
        else await settleIntent(deps, intent, 'absent');
        return { kind: standing };
      }),
  };
}
