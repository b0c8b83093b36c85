import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../domain/failures.js';
import type { ReferenceItem, ReferenceKind } from '../../domain/reference/reference-data.js';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { ianaZoneOfWindows } from '../../domain/time/windows-zone.js';
import type { Replaced } from '../../platform/store/reference-data.js';
import { asActivity } from './activity-scope.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import { getAppointmentListByDate } from './procedures/appointment-reads.js';
import { getAppointmentTypes, getChairSchedules, getLocations } from './procedures/reference-data.js';

type SyncReference = PracticeAddress & {
  readonly kind: ReferenceKind;
  /** A person has said that most records may be gone. */
  readonly acceptLoss: boolean;
};

type NoteReferenceFailure = PracticeAddress & {
  readonly kind: ReferenceKind;
  readonly result: 'throttled' | 'unavailable' | 'notConfigured';
};

export interface ReferenceActivities {
  /**
   * Reads one kind of reference data and puts it into our store with its changes; the records themselves stay out of the history. Fails as
   * reads do: nothing of what is known is touched then. An environment without an account is no failure: it may never get one.
   */
  readonly syncReference: (
    input: SyncReference,
  ) => Promise<Replaced | { readonly kind: 'kept'; readonly why: 'notConfigured' }>;
  /** Notes that a sync gave nothing, so that readers see why the data is old. */
  readonly noteReferenceFailure: (input: NoteReferenceFailure) => Promise<void>;
}

/** Appointments of so many days name the providers who work; nothing lists them (cloud9.md 3.3). */
const providerDays = 7;

const readers: Readonly<
  Record<ReferenceKind, (practice: Practice, deps: Cloud9Deps) => Promise<readonly ReferenceItem[]>>
> = {
  locations: async (practice) =>
    (await practice.read(getLocations, null)).map(({ locationGuid, windowsZone, ...location }) => ({
      key: locationGuid,
      value: { ...location, windowsZone, timeZone: ianaZoneOfWindows(windowsZone) },
    })),

  // Chair names repeat in every view: view and column together are the chair (cloud9.md 5).
  chairs: async (practice) =>
    (await practice.read(getChairSchedules, null)).map((chair) => ({
      key: `${chair.viewGuid}/${chair.columnGuid}`,
      value: { ...chair },
    })),

  appointmentTypes: async (practice) =>
    (await practice.read(getAppointmentTypes, { showDeleted: false })).map(
      ({ appointmentTypeGuid, ...type }) => ({ key: appointmentTypeGuid, value: { ...type } }),
    ),

  providers: async (practice, deps) => {
    const { slug, timeZone, locations } = practice.tenant;
    const today = practiceDateOf(deps.clock.nowMs(), timeZone);
    const { environment } = practice;
    const known = await deps.store.referenceData.get({ tenantId: slug, environment, kind: 'providers' });
    // A provider who has nobody to see this week has not left: only what was seen is added, and what is configured stands.
    const providers = new Map<string, ReferenceItem['value']>([
      ...locations.map(({ providerGuid }) => [providerGuid.toLowerCase(), { code: '', name: '' }] as const),
      ...known.items.map(({ key, value }) => [key, value] as const),
    ]);
    for (let day = 0; day < providerDays; day += 1) {
      const date = addDays(today, day);
      // One day at a time: longer answers lose whole locations (cloud9.md 3.3).
      const { appointments } = await practice.read(getAppointmentListByDate, { date, lastDate: null });
      for (const { orthodontistGuid, orthodontistCode, orthodontistName } of appointments) {
        if (orthodontistGuid !== null)
          providers.set(orthodontistGuid, { code: orthodontistCode, name: orthodontistName });
      }
    }
    return [...providers].map(([key, value]) => ({ key, value }));
  },
};

function unlessNotConfigured(error: unknown): null {
  const missing: FailureType = 'IntegrationNotConfigured';
  if (error instanceof ApplicationFailure && error.type === missing) return null;
  throw error;
}

export const createReferenceActivities = (deps: Cloud9Deps): ReferenceActivities => ({
  syncReference: ({ tenantId, environment, kind, acceptLoss }) =>
    asActivity(async (scope) => {
      const readAtMs = deps.clock.nowMs();
      const practice = await openPractice(deps, { tenantId, environment }, scope).catch(unlessNotConfigured);
      if (practice === null) {
        const result = 'notConfigured';
        await deps.store.referenceData.noteFailure({ tenantId, environment, kind, result, atMs: readAtMs });
        return { kind: 'kept', why: result };
      }
      const items = await readers[kind](practice, deps);
      return deps.store.referenceData.replace({ tenantId, environment, kind, items, readAtMs, acceptLoss });
    }),

  noteReferenceFailure: ({ tenantId, environment, kind, result }) =>
    deps.store.referenceData.noteFailure({ tenantId, environment, kind, result, atMs: deps.clock.nowMs() }),
});
