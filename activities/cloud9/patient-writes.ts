import { normalisePhone } from '../../domain/booking/second-factor.js';
import { asActivity } from './activity-scope.js';
import type { RefusalReason } from './errors.js';
import {
  freeQueue,
  openIntent,
  recordIntent,
  sendIntent,
  settleIntent,
  type ReconcileIntent,
  type SendIntent,
} from './intents.js';
import { lookUpPerson, type PatientCandidate } from './patients.js';
import { locationOf, openPractice, type Cloud9Deps, type PracticeAddress } from './practice.js';
import { setPatient } from './procedures/writes.js';

type PrepareCreatePatient = PracticeAddress & {
  readonly conversationId: string;
  readonly intentId: string;
  readonly person: {
    readonly firstName: string;
    readonly lastName: string;
    /** `YYYY-MM-DD`. */
    readonly birthDate: string;
    readonly phone: string;
    readonly email: string | null;
  };
  readonly locationKey: string;
  /** Makes a second record of somebody whom the practice has. */
  readonly evenIfKnown?: boolean;
};

interface PatientOrder {
  readonly person: PrepareCreatePatient['person'];
  readonly locationKey: string;
  readonly locationGuid: string;
  readonly providerGuid: string;
}

/** Patients of the same name and birth date that were there before the write. */
interface PatientSnapshot {
  readonly patientGuids: readonly string[];
}

export interface PatientWriteActivities {
  /**
   * Looks the person up and, when nobody of this name and birth date is there (or `evenIfKnown`), writes the intent and the snapshot that tells a new
   * record from an old one. Safe to repeat. Fails as reads do.
   */
  readonly prepareCreatePatient: (
    input: PrepareCreatePatient,
  ) => Promise<{ readonly kind: 'existing'; readonly patientGuid: string } | { readonly kind: 'ready' }>;
  /**
   * Sends SetPatient, once per intent and attempt. `unclear` = it may have happened: reconcile. `wait` = nothing was sent, call again
   * with the same attempt. Throws Cloud9Auth, Cloud9NotAuthorised, Cloud9OutsideWindow: nothing was executed.
   */
  readonly createPatient: (
    input: SendIntent,
  ) => Promise<
    | { readonly kind: 'created'; readonly patientGuid: string }
    | { readonly kind: 'unclear' }
    | { readonly kind: 'refused'; readonly reason: RefusalReason }
    | { readonly kind: 'wait'; readonly waitMs: number }
  >;
  /** Reads whether the intent made a patient: name, birth date, office, status NEW, not in the snapshot (cloud9.md 6.11). */
  readonly reconcilePatient: (
    input: ReconcileIntent,
  ) => Promise<
    | { readonly kind: 'found'; readonly patientGuid: string }
    | { readonly kind: 'absent' }
    | { readonly kind: 'ambiguous' }
  >;
}

/** Of several records of one person, the one at the office of the visit. There is no other mark to choose by. */
const preferred = (
  candidates: readonly PatientCandidate[],
  locationGuid: string,
): PatientCandidate | undefined =>
  candidates.find((candidate) => candidate.locationGuid === locationGuid) ?? candidates[0];

export function createPatientWriteActivities(deps: Cloud9Deps): PatientWriteActivities {
  type Intent = Awaited<ReturnType<typeof openIntent<PatientOrder>>>;

  async function recordCreated(intent: Intent, patientGuid: string): Promise<void> {
    const { tenantId, environment, conversationId, intentId } = intent.row;
    await settleIntent(deps, intent, 'done', { guid: patientGuid });
    await deps.store.ledger.append({
      tenantId,
      environment,
      conversationId,
      entryId: `${intentId}.patientCreated`,
      kind: 'patientCreated',
      appointmentGuid: null,
      patientGuid,
      intentId,
      detail: { locationKey: intent.payload.locationKey },
    });
  }

  return {
    prepareCreatePatient: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const { locationGuid, providerGuid } = locationOf(practice.tenant, input.locationKey);
        const before = await deps.store.intents.get(input.tenantId, input.intentId);
        // What a lookup finds after the intent was prepared may be what it created itself.
        if (before !== undefined && before.snapshot !== null) return { kind: 'ready' };
        const known = await lookUpPerson(practice, input.person);
        const existing = preferred(known, locationGuid.toLowerCase());
        if (existing && input.evenIfKnown !== true)
          return { kind: 'existing', patientGuid: existing.patientGuid };
        const { firstName, lastName, birthDate, phone, email } = input.person;
        const order: PatientOrder = {
          person: { firstName, lastName, birthDate, phone, email },
          locationKey: input.locationKey,
          locationGuid: locationGuid.toLowerCase(),
          providerGuid,
        };
        await recordIntent(deps, input, 'createPatient', order);
        // As was just read: whoever matches later and is not among these came after this.
        const snapshot: PatientSnapshot = { patientGuids: known.map((patient) => patient.patientGuid) };
        await deps.store.intents.snapshot(input.tenantId, input.intentId, snapshot);
        return { kind: 'ready' };
      }),

    createPatient: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<PatientOrder>(deps, input, 'createPatient');
        const { person, locationGuid, providerGuid } = intent.payload;
        const tried = await sendIntent(deps, practice, intent, input.attempt, {
          procedure: setPatient,
          input: {
            firstName: person.firstName.trim(),
            lastName: person.lastName.trim(),
            birthDate: person.birthDate,
            phone: normalisePhone(person.phone),
            email: person.email,
            providerGuid,
            locationGuid,
            vendorUserName: practice.tenant.vendorUserName,
          },
        });
        switch (tried.kind) {
          case 'answered':
            await recordCreated(intent, tried.output);
            return { kind: 'created', patientGuid: tried.output };
          case 'alreadyDone':
            return tried.guid === null ? { kind: 'unclear' } : { kind: 'created', patientGuid: tried.guid };
          case 'refused':
            return {
              kind: 'refused',
              reason: tried.fault.kind === 'refused' ? tried.fault.reason : 'badParameter',
            };
          case 'unclear':
          case 'wait':
            return tried;
        }
      }),

    reconcilePatient: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const intent = await openIntent<PatientOrder>(deps, input, 'createPatient');
        const { row, payload, result } = intent;
        const before = new Set((row.snapshot as PatientSnapshot | null)?.patientGuids ?? []);
        const candidates = await lookUpPerson(practice, payload.person);
        const ours =
          candidates.filter((candidate) => candidate.patientGuid === result.guid).length === 1
            ? candidates.filter((candidate) => candidate.patientGuid === result.guid)
            : candidates.filter(
                (candidate) =>
                  !before.has(candidate.patientGuid) &&
                  candidate.locationGuid === payload.locationGuid &&
                  candidate.statusCode === 'NEW',
              );
        await freeQueue(practice, row, setPatient);
        const [found, ...others] = ours;
        if (!found) {
          await settleIntent(deps, intent, 'absent');
          return { kind: 'absent' };
        }
        if (others.length > 0) return { kind: 'ambiguous' };
        await recordCreated(intent, found.patientGuid);
        return { kind: 'found', patientGuid: found.patientGuid };
      }),
  };
}
