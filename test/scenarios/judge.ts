import type { Change } from './change.js';
import type { StaffTaskKind } from '../../platform/store/staff-tasks.js';
import type { OwnRows } from './rows.js';
import type { Expected } from './scenario.js';

const committed = ({ writes }: Change, procedure: string): number =>
  writes.filter((write) => write.procedure === procedure && write.committed).length;

const oneOf = (right: number | readonly number[]): readonly number[] =>
  typeof right === 'number' ? [right] : right;

const differs = (what: string, found: unknown, right: unknown): string | false =>
  JSON.stringify(found) !== JSON.stringify(right) &&
  `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(right)}`;

const said = (problems: readonly (string | false)[]): readonly string[] =>
  problems.filter((problem): problem is string => problem !== false);

/** What is wrong with the practice system's final state and its ledger of writes. Empty = as it must be. */
export function judgePractice(change: Change, expected: Expected): readonly string[] {
  const { made, gone, newPatients } = change;
  const right = oneOf(expected.appointments);
  const perPerson = new Set(made.map((row) => row.patientGuid)).size;
  const perPlace = new Set(made.map((row) => `${row.columnGuid} ${row.start}`)).size;
  return said([
    !right.includes(made.length) && `${made.length} new appointments instead of ${right.join(' or ')}`,
    differs('appointments gone', gone.length, expected.cancelled ?? 0),
    differs('new patients', newPatients.length, expected.patients ?? 0),
    differs('people with a new appointment', perPerson, made.length),
    differs('places of new appointments', perPlace, made.length),
    // A write that changes nothing more than its first try is still one too many (claude.md 10).
    differs('committed SetAppointment', committed(change, 'SetAppointment'), made.length),
    differs('committed SetPatient', committed(change, 'SetPatient'), newPatients.length),
    differs('committed cancels', committed(change, 'SetAppointmentStatusCanceled'), gone.length),
  ]);
}

/** Outside of the practice's hours a transfer is a callback (hand-off.test.ts has both). */
const kindInHours = ({ kind }: OwnRows['tasks'][number]): StaffTaskKind =>
  kind === 'callback' ? 'transfer' : kind;

/** What is wrong with our own rows: ledger, intents, findings, staff tasks, holds, and outcomes that the caller was given. */
export function judgeRows(change: Change, expected: Expected): readonly string[] {
  const { made, gone, rows, replies } = change;
  const { ledger, findings, tasks, intents, holds } = rows;
  const guids = (kinds: readonly string[]): readonly (string | null)[] =>
    ledger
      .filter((entry) => kinds.includes(entry.kind))
      .map((entry) => entry.appointmentGuid)
      .sort();
  const guidsOf = (appointments: Change['made']): readonly string[] =>
    appointments.map((row) => row.appointmentGuid).sort();
  const unknown = expected.unknownIntents ?? 0;
  const toldBooked = replies.some(({ outcome }) => outcome === 'booked' || outcome === 'rescheduled');
  return said([
    replies.length === 0 && 'the caller got no answer',
    // Where nobody can know whether there is one, the ledger is silent.
    typeof expected.appointments === 'number' &&
      differs('appointments in our ledger', guids(['booked', 'moved']), guidsOf(made)),
    differs(
      'cancels in our ledger',
      guids(['cancelled']).length,
      gone.length + (expected.adoptedCancels ?? 0),
    ),
    differs(
      'intents that nobody settled',
      intents.filter(({ status }) => !['done', 'refused', 'absent'].includes(status)).length,
      unknown,
    ),
    differs('staff tasks', tasks.map(kindInHours).sort(), [...(expected.tasks ?? [])].sort()),
    differs('places still held', holds.length, 0),
    toldBooked && made.length === 0 && 'the caller was told of a booking that does not exist',
    ...(expected.findings ?? []).map(
      (kind) => !findings.some((finding) => finding.kind === kind) && `no finding ${kind}`,
    ),
  ]);
}
