import { asActivity } from './activity-scope.js';
import type { Appointment } from '../../domain/booking/slot.js';
import { appointmentsOf } from './appointments.js';
import { Cloud9Error, type RefusalReason } from './errors.js';
import { offerFreedPlace } from './freed-place.js';
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

interface Found<Kind> {
  readonly kind: Kind;
  readonly appointment: Appointment | undefined;
}

async function standingOf(practice: Practice, order: CancelOrder): Promise<Found<Standing>> {
  const appointments = await appointmentsOf(practice, order.patientGuid);
  const appointment = appointments.find((known) => known.appointmentGuid === order.appointmentGuid);
  const kind = !appointment ? 'notFound' : appointment.status === 'Cancelled' ? 'cancelled' : 'active';
  return { kind, appointment };
}

/** The same inside a write's activity, where a read that cannot be had now is left to `reconcileCancel`. */
async function standingNow(practice: Practice, order: CancelOrder): Promise<Found<Standing | 'unknown'>> {
  try {
    return await standingOf(practice, order);
  } catch (error) {
    if (error instanceof Cloud9Error) return { kind: 'unknown', appointment: undefined };
    throw error;
  }
}

export function createCancelActivities(deps: Cloud9Deps): CancelActivities {
  type Intent = Awaited<ReturnType<typeof openIntent<CancelOrder>>>;

  /**
   * `appointment` as the practice system has it; unknown when it was not read, and then its place is offered to nobody. `already` = somebody
   * else had cancelled it before we asked: the aim is reached, and nothing that we sent changed it.
   */
  async function recordCancelled(
    practice: Practice,
    intent: Intent,
    appointment: Appointment | undefined,
    already = false,
  ): Promise<void> {
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
    if (appointment) await offerFreedPlace(deps, practice, intent.row, appointment);
  }

  /** What a refused cancel means: unknown sentences are told apart by reading, known ones by themselves. */
  async function afterRefusal(
    practice: Practice,
    intent: Intent,
    attempt: number,
    reason: RefusalReason,
  ): Promise<Awaited<ReturnType<CancelActivities['cancelAppointment']>>> {
    if (reason === 'inThePast') return { kind: 'inThePast' };
    // On the repeat it may be our own first try, come late: then its place is ours to offer.
    const { kind, appointment } =
      reason === 'alreadyCancelled' && attempt === 1
        ? { kind: 'cancelled' as const, appointment: undefined }
        : await standingNow(practice, intent.payload);
    if (kind === 'cancelled' || reason === 'alreadyCancelled') {
      await recordCancelled(practice, intent, kind === 'cancelled' ? appointment : undefined, attempt === 1);
      return { kind: 'alreadyCancelled' };
    }
    return { kind: 'refused', reason: kind === 'notFound' ? 'notFound' : reason };
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
          case 'answered': {
            const { kind, appointment } = await standingNow(practice, intent.payload);
            if (kind !== 'cancelled') return { kind: 'unclear' };
            await recordCancelled(practice, intent, appointment);
            return { kind: 'cancelled' };
          }
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
        const { kind, appointment } = await standingOf(practice, intent.payload);
        await freeQueue(practice, intent.row, setAppointmentStatusCanceled);
        if (kind === 'cancelled') await recordCancelled(practice, intent, appointment);
        else await settleIntent(deps, intent, 'absent');
        return { kind };
      }),
  };
}
