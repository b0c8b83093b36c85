import type { Appointment, Slot } from '../../domain/booking/slot.js';
import type { BookedDetail } from '../../platform/store/ledger.js';
import { asActivity } from './activity-scope.js';
import { appointmentsOf } from './appointments.js';
import { failureOf, type RefusalReason } from './errors.js';
import {
  freeQueue,
  openIntent,
  recordIntent,
  sendIntent,
  settleIntent,
  type ReconcileIntent,
  type SendIntent,
} from './intents.js';
import { locationOf, openPractice, visitTypeOf, type Cloud9Deps, type PracticeAddress } from './practice.js';
import { setAppointment } from './procedures/writes.js';

type PrepareAppointment = PracticeAddress & {
  readonly conversationId: string;
  readonly intentId: string;
  readonly patientGuid: string;
  /** As `findSlots` gave it, whole. */
  readonly slot: Slot;
  readonly visitTypeKey: string;
};

interface AppointmentOrder {
  readonly patientGuid: string;
  readonly slot: Slot;
  readonly appointmentTypeGuid: string;
}

/** Appointments that the patient had before the write. */
interface AppointmentSnapshot {
  readonly appointmentGuids: readonly string[];
}

export interface AppointmentWriteActivities {
  /**
   * Writes the intent, then the snapshot of the patient's appointments that tells a new one from an old one. Safe to repeat; the first
   * snapshot counts. Throws ValidationFailed for a slot that does not fit the visit; otherwise fails as reads do.
   */
  readonly prepareAppointment: (input: PrepareAppointment) => Promise<{ readonly kind: 'ready' }>;
  /**
   * Sends SetAppointment, once per intent and attempt. `sent` still needs `reconcileAppointment`, which verifies by reading. `unclear` =
   * it may have happened. `wait` = nothing was sent, call again with the same attempt. `slotTaken` on a second attempt may mean that
   * the first one worked. Throws Cloud9Auth, Cloud9NotAuthorised, Cloud9OutsideWindow: nothing was executed.
   */
  readonly setAppointment: (
    input: SendIntent,
  ) => Promise<
    | { readonly kind: 'sent'; readonly appointmentGuid: string }
    | { readonly kind: 'unclear' }
    | { readonly kind: 'slotTaken' }
    | { readonly kind: 'refused'; readonly reason: RefusalReason }
    | { readonly kind: 'wait'; readonly waitMs: number }
  >;
  /**
   * Reads whether the intent's appointment exists: by its GUID when the answer named it, else as the one that is not in the snapshot and
   * agrees in start, type, office, minutes and status (cloud9.md 6.11). `found` settles the intent and writes the ledger.
   */
  readonly reconcileAppointment: (
    input: ReconcileIntent,
  ) => Promise<
    | { readonly kind: 'found'; readonly appointmentGuid: string }
    | { readonly kind: 'absent' }
    | { readonly kind: 'ambiguous' }
  >;
}

const isOurs = (appointment: Appointment, order: AppointmentOrder, before: ReadonlySet<string>): boolean =>
  !before.has(appointment.appointmentGuid) &&
  appointment.start === order.slot.start &&
  appointment.appointmentTypeGuid === order.appointmentTypeGuid &&
  appointment.locationGuid === order.slot.locationGuid &&
  appointment.minutes === order.slot.minutes &&
  appointment.status === 'Scheduled';

export function createAppointmentWriteActivities(deps: Cloud9Deps): AppointmentWriteActivities {
  type Intent = Awaited<ReturnType<typeof openIntent<AppointmentOrder>>>;

  async function recordBooked(intent: Intent, appointmentGuid: string): Promise<void> {
    const { tenantId, environment, conversationId, intentId } = intent.row;
    const { slot, patientGuid } = intent.payload;
    const { start, minutes, locationKey, columnGuid } = slot;
    const detail: BookedDetail = { start, minutes, locationKey, columnGuid };
    await settleIntent(deps, intent, 'done', { guid: appointmentGuid });
    await deps.store.ledger.append({
      tenantId,
      environment,
      conversationId,
      entryId: `${intentId}.booked`,
      kind: 'booked',
      appointmentGuid,
      patientGuid,
      intentId,
      detail,
    });
  }

  return {
    prepareAppointment: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const { slot } = input;
        const visitType = visitTypeOf(practice.tenant, input.visitTypeKey);
        const locationGuid = locationOf(practice.tenant, slot.locationKey).locationGuid.toLowerCase();
        // The server checks neither (cloud9.md 7.3): a slot that is too short or of another office must stop here.
        if (slot.locationGuid !== locationGuid || slot.minutes < visitType.minutes) {
          throw failureOf('ValidationFailed', { reason: 'the slot does not fit the visit' });
        }
        const order: AppointmentOrder = {
          patientGuid: input.patientGuid.toLowerCase(),
          slot: {
            viewGuid: slot.viewGuid,
            columnGuid: slot.columnGuid,
            locationGuid,
            locationKey: slot.locationKey,
            start: slot.start,
            minutes: slot.minutes,
            slotClass: slot.slotClass,
          },
          appointmentTypeGuid: visitType.appointmentTypeGuid.toLowerCase(),
        };
        const row = await recordIntent(deps, input, 'setAppointment', order);
        if (row.snapshot === null) {
          const existing = await appointmentsOf(practice, order.patientGuid);
          const snapshot: AppointmentSnapshot = {
            appointmentGuids: existing.map((appointment) => appointment.appointmentGuid),
          };
          await deps.store.intents.snapshot(input.tenantId, input.intentId, snapshot);
        }
        return { kind: 'ready' };
      }),

    setAppointment: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<AppointmentOrder>(deps, input, 'setAppointment');
        // Without the snapshot an unclear outcome could never be told: better not to send at all.
        if (intent.row.snapshot === null) throw failureOf('RecordNotFound', { reason: 'snapshot' });
        const { patientGuid, slot, appointmentTypeGuid } = intent.payload;
        const tried = await sendIntent(deps, practice, intent, input.attempt, {
          procedure: setAppointment,
          input: {
            patientGuid,
            start: slot.start,
            viewGuid: slot.viewGuid,
            columnGuid: slot.columnGuid,
            appointmentTypeGuid,
            minutes: slot.minutes,
            vendorUserName: practice.tenant.vendorUserName,
          },
        });
        switch (tried.kind) {
          case 'answered':
            // Not done before it was read back; the GUID makes that certain.
            await settleIntent(deps, intent, 'unknown', { guid: tried.output });
            return { kind: 'sent', appointmentGuid: tried.output };
          case 'alreadyDone':
            return tried.guid === null ? { kind: 'unclear' } : { kind: 'sent', appointmentGuid: tried.guid };
          case 'refused':
            if (tried.fault.kind === 'slotTaken') return { kind: 'slotTaken' };
            return {
              kind: 'refused',
              reason: tried.fault.kind === 'refused' ? tried.fault.reason : 'badParameter',
            };
          case 'unclear':
          case 'wait':
            return tried;
        }
      }),

    reconcileAppointment: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<AppointmentOrder>(deps, input, 'setAppointment');
        const { row, payload, result } = intent;
        if (row.snapshot === null) throw failureOf('RecordNotFound', { reason: 'snapshot' });
        const before = new Set((row.snapshot as AppointmentSnapshot).appointmentGuids);
        const appointments = await appointmentsOf(practice, payload.patientGuid);
        await freeQueue(practice, row, setAppointment);
        const named = appointments.find((appointment) => appointment.appointmentGuid === result.guid);
        if (named) {
          // It was made, and somebody has changed it since: a person must look.
          if (named.status !== 'Scheduled') return { kind: 'ambiguous' };
          await recordBooked(intent, named.appointmentGuid);
          return { kind: 'found', appointmentGuid: named.appointmentGuid };
        }
        const [found, ...others] = appointments.filter((appointment) => isOurs(appointment, payload, before));
        if (others.length > 0) return { kind: 'ambiguous' };
        if (!found) {
          // An answer that named a GUID stays in the intent: `absent` then means "not yet listed", never "send again".
          if (result.guid === null) await settleIntent(deps, intent, 'absent');
          return { kind: 'absent' };
        }
        await recordBooked(intent, found.appointmentGuid);
        return { kind: 'found', appointmentGuid: found.appointmentGuid };
      }),
  };
}
