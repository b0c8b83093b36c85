import { LRUCache } from 'lru-cache';
import { samePerson, type NamedPerson } from '../../domain/booking/person-name.js';
import { secondFactorMatches } from '../../domain/booking/second-factor.js';
import { asActivity } from './activity-scope.js';
import { Cloud9Error } from './errors.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import {
  getPatientInformation,
  getPortalPatientLookup,
  type PatientHit,
} from './procedures/patient-reads.js';

/** A patient record whose names and birth date agree with what a caller said. */
export interface PatientCandidate {
  readonly patientGuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string;
  readonly locationGuid: string | null;
  /** `NEW` for one that was created and not yet seen. */
  readonly statusCode: string;
}

/** What running clients send (cloud9.md 3.2). */
const pageSize = 25;
/** A hundred patients of one full name is no practice; it is a filter that was not applied. */
const mostPages = 4;

/** Active patients that are this person, by a lookup and our own exact comparison: how the server matches is unknown (cloud9.md 3.2). */
export async function lookUpPerson(
  practice: Practice,
  person: NamedPerson,
): Promise<readonly PatientCandidate[]> {
  const hits: PatientHit[] = [];
  for (let pageIndex = 1; pageIndex <= mostPages; pageIndex += 1) {
    const page = await practice.read(getPortalPatientLookup, {
      firstName: person.firstName.trim(),
      lastName: person.lastName.trim(),
      pageIndex,
      pageSize,
    });
    hits.push(...page);
    if (page.length < pageSize) break;
  }
  const unique = new Map(hits.map((hit) => [hit.patientGuid, hit]));
  return [...unique.values()].flatMap((hit) => {
    const { patientGuid, firstName, lastName, birthDate, locationGuid, statusCode } = hit;
    return birthDate !== null && !hit.inactive && samePerson(hit, person)
      ? [{ patientGuid, firstName, lastName, birthDate, locationGuid, statusCode }]
      : [];
  });
}

type FindPatients = PracticeAddress & {
  readonly firstName: string;
  readonly lastName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
};

type VerifySecondFactor = PracticeAddress & {
  readonly patientGuid: string;
  /** Phone number or postal code, as the caller said it. */
  readonly secondFactor: string;
};

interface ContactData {
  readonly phone: string;
  readonly postalCode: string;
}

/** How long contact data may be remembered, where caching is on (cloud9.md 4.3). */
const contactMemoMs = 60_000;

export interface PatientActivities {
  /**
   * Patients whose first name, last name (without case, accents and punctuation) and birth date all agree. Not an identification: a
   * second factor is still needed. Fails as reads do: Cloud9Throttled with its wait, Cloud9Unavailable, Cloud9Malformed, Cloud9Auth.
   */
  readonly findPatients: (
    input: FindPatients,
  ) => Promise<{ readonly candidates: readonly PatientCandidate[] }>;
  /** Whether the caller knows the phone number or postal code on file. The data itself stays here. An unknown patient matches nothing. */
  readonly verifySecondFactor: (input: VerifySecondFactor) => Promise<{ readonly matches: boolean }>;
}

export function createPatientActivities(deps: Cloud9Deps): PatientActivities {
  // Personal data: it stays in this process, and not in the cache that workers may share.
  const contacts = new LRUCache<string, ContactData>({ max: 500, ttl: contactMemoMs });

  async function contactOf(practice: Practice, patientGuid: string): Promise<ContactData> {
    const key = `${practice.cacheKey}/${patientGuid}`;
    const known = contacts.get(key);
    if (known) return known;
    const { phone, postalCode } = await practice.read(getPatientInformation, { patientGuid });
    if (deps.cloud9.enableCaching) contacts.set(key, { phone, postalCode });
    return { phone, postalCode };
  }

  return {
    findPatients: (input) =>
      asActivity(async (scope) => ({
        candidates: await lookUpPerson(await openPractice(deps, input, scope), input),
      })),

    verifySecondFactor: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        try {
          return {
            matches: secondFactorMatches(input.secondFactor, await contactOf(practice, input.patientGuid)),
          };
        } catch (error) {
          if (error instanceof Cloud9Error && error.fault.kind === 'notFound') return { matches: false };
          throw error;
        }
      }),
  };
}
