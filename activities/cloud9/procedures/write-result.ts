import { Cloud9Error, type Cloud9Fault } from '../errors.js';
import type { WireRecord } from '../envelope.js';
import { parseGuid } from '../values.js';

/*
 * The second error channel: writes answer Success with one `Result` that may start with `Error:` (cloud9.md 1.3, 4.2). The unknown
 * sentences of the real system are as likely as the known ones, so anything that is neither a known success nor an error is "unclear".
 */

const refusals: readonly (readonly [RegExp, Cloud9Fault])[] = [
  // The taken slot is told by this sentence only, never by "slot not available" (cloud9.md 4.2).
  [/cannot be scheduled in the specified time slot/i, { kind: 'slotTaken' }],
  [/too many requests|rate limit/i, { kind: 'throttled', waitMs: null }],
  [/in the past/i, { kind: 'refused', reason: 'inThePast' }],
  [/patient guid specified does not exist/i, { kind: 'refused', reason: 'patientUnknown' }],
  [/not allow online scheduling/i, { kind: 'refused', reason: 'typeNotOnline' }],
  [/status:\s*cancell?ed|already cancel/i, { kind: 'refused', reason: 'alreadyCancelled' }],
  [/must be in a scheduled status/i, { kind: 'refused', reason: 'notScheduled' }],
];

const refusalOf = (sentence: string): Cloud9Fault =>
  refusals.find(([pattern]) => pattern.test(sentence))?.[1] ?? { kind: 'refused', reason: 'unspecified' };

/** The `Result` text of a write's answer, or the refusal that it tells. An answer without Result is unclear, hence malformed. */
function resultOf(procedure: string, records: readonly WireRecord[]): string {
  const result = records[0]?.get('Result')?.trim();
  if (result === undefined || result === '')
    throw new Cloud9Error(procedure, { kind: 'malformed', why: 'no Result' });
  if (/^error/i.test(result)) throw new Cloud9Error(procedure, refusalOf(result));
  return result;
}

/** `<words>: <GUID>` and nothing else is success; a GUID anywhere else may be an error text that echoes one (cloud9.md 4.2). */
export const addedGuid =
  (procedure: string, words: 'Patient Added' | 'Appointment GUID Added') =>
  (records: readonly WireRecord[]): string => {
    const result = resultOf(procedure, records);
    const match = new RegExp(`^${words}:\\s*(\\S+)$`).exec(result);
    const guid = match?.[1] === undefined ? null : parseGuid(match[1]);
    if (guid === null) throw new Cloud9Error(procedure, { kind: 'malformed', why: 'unknown Result' });
    return guid;
  };

/** For writes whose success text is unknown: any Result that is no error counts, and the caller reads it back (cloud9.md 3.4). */
export const accepted =
  (procedure: string) =>
  (records: readonly WireRecord[]): 'accepted' => {
    resultOf(procedure, records);
    return 'accepted';
  };
