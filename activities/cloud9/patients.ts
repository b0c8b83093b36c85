import { LRUCache } from 'lru-cache';
import { samePerson, type NamedPerson } from '../../domain/booking/person-name.js';
import { secondFactorMatches } from '../../domain/booking/second-factor.js';
import type { PracticeDate } from '../../domain/time/practice-time.js';
import type { FoundPatient, PatientFile } from '../../workflows/practice-desk/messages.js';
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

/** Patients whose name begins like this, as the server matches it. Not `complete` = there are more. */
async function lookUpByName(
  practice: Practice,
  name: { readonly firstName: string; readonly lastName: string },
): Promise<{ readonly hits: readonly PatientHit[]; readonly complete: boolean }> {
  const hits = new Map<string, PatientHit>();
  for (let pageIndex = 1; pageIndex <= mostPages; pageIndex += 1) {
    const page = await practice.read(getPortalPatientLookup, {
      firstName: name.firstName.trim(),
      lastName: name.lastName.trim(),
      pageIndex,
      pageSize,
    });
    for (const hit of page) hits.set(hit.patientGuid, hit);
    if (page.length < pageSize) return { hits: [...hits.values()], complete: true };
  }
  return { hits: [...hits.values()], complete: false };
}

/** Active patients that are this person, by a lookup and our own exact comparison: how the server matches is unknown (cloud9.md 3.2). */
export async function lookUpPerson(
  practice: Practice,
  person: NamedPerson,
): Promise<readonly PatientCandidate[]> {
  const { hits } = await lookUpByName(practice, person);
  return hits.flatMap((hit) => {
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

type SearchPatients = PracticeAddress & {
  /** Empty = any. */
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate | null;
};

type ReadPatient = PracticeAddress & { readonly patientGuid: string };

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
  /** For staff: active patients by name, and by birth date when one is given. Not `complete` = there are more than could be read. */
  readonly searchPatients: (
    input: SearchPatients,
  ) => Promise<{ readonly patients: readonly FoundPatient[]; readonly complete: boolean }>;
  /** For staff: what the practice has about one patient. Throws Cloud9NotFound. */
  readonly readPatient: (input: ReadPatient) => Promise<PatientFile>;
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

    searchPatients: (input) =>
      asActivity(async (scope) => {
        const { hits, complete } = await lookUpByName(await openPractice(deps, input, scope), input);
        const patients = hits
          .filter((hit) => !hit.inactive && (input.birthDate === null || hit.birthDate === input.birthDate))
          .map(({ patientGuid, firstName, lastName, birthDate, statusCode, locationGuid, locationName }) => ({
            patientGuid,
            firstName,
            lastName,
            birthDate,
            statusCode,
            locationGuid,
            locationName,
          }));
        return { patients, complete };
      }),

    readPatient: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const patient = await practice.read(getPatientInformation, { patientGuid: input.patientGuid });
        const { fullName, birthDate, locationName, orthodontistName } = patient;
        const { street, city, state, postalCode, email, phone } = patient;
        return {
          fullName: fullName.trim(),
          birthDate,
          locationName,
          orthodontistName,
          street,
          city,
          state,
          postalCode,
          email,
          phone,
        };
      }),

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
