import type { SetupProblem } from '../../domain/reference/setup-problem.js';
import type { Tenant } from '../../domain/tenant.js';
import { ianaZoneOfWindows } from '../../domain/time/windows-zone.js';
import { asActivity } from './activity-scope.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import {
  getAppointmentTypes,
  getLocations,
  type AppointmentTypeRecord,
  type LocationRecord,
} from './procedures/reference-data.js';
import { remembered } from './remembered.js';

export interface PracticeSetupActivities {
  /**
   * Compares offices, zones and visit types of `tenant.json` with the practice system (cloud9.md 6.16): a wrong zone moves every
   * appointment, a type that is not online is refused at every booking. Fails as reads do.
   */
  readonly checkPracticeSetup: (
    input: PracticeAddress,
  ) => Promise<{ readonly problems: readonly SetupProblem[] }>;
}

interface ReferenceData {
  readonly locations: readonly LocationRecord[];
  readonly types: readonly AppointmentTypeRecord[];
}

/** How long reference data may be remembered, where caching is on (cloud9.md 4.3). */
const referenceMemoMs = 3_600_000;

export function createPracticeSetupActivities(deps: Cloud9Deps): PracticeSetupActivities {
  async function referenceData(practice: Practice): Promise<ReferenceData> {
    const memory = {
      key: 'setup',
      freshMs: referenceMemoMs,
      usableMs: referenceMemoMs,
      worthKeeping: ({ locations, types }: ReferenceData) => locations.length > 0 && types.length > 0,
    };
    const { value } = await remembered(deps, practice, memory, async () => ({
      locations: await practice.read(getLocations, null),
      types: await practice.read(getAppointmentTypes, { showDeleted: false }),
    }));
    return value;
  }

  return {
    checkPracticeSetup: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        return { problems: problemsOf(practice.tenant, await referenceData(practice)) };
      }),
  };
}

function problemsOf(tenant: Tenant, { locations, types }: ReferenceData): readonly SetupProblem[] {
  const offices = tenant.locations.flatMap(({ key, locationGuid, timeZone }): SetupProblem[] => {
    const location = locations.find((known) => known.locationGuid === locationGuid.toLowerCase());
    if (!location) return [{ kind: 'unknownOffice', key }];
    return ianaZoneOfWindows(location.windowsZone) === timeZone ? [] : [{ kind: 'otherZone', key }];
  });
  const visitTypes = tenant.visitTypes.flatMap(({ key, appointmentTypeGuid, minutes }): SetupProblem[] => {
    const type = types.find((known) => known.appointmentTypeGuid === appointmentTypeGuid.toLowerCase());
    if (!type || type.deleted) return [{ kind: 'unknownVisitType', key }];
    if (!type.online) return [{ kind: 'notOnline', key }];
    return type.minutes === minutes ? [] : [{ kind: 'otherMinutes', key }];
  });
  return [...offices, ...visitTypes];
}
