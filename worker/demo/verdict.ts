import type { LedgerLine } from '../../workflows/booking-conversation/messages.js';
import { timesSpoken } from './spoken-time.js';

interface Evidence {
  /** First names of the children. */
  readonly children: readonly string[];
  /** Everything the caller was told, oldest first. */
  readonly told: readonly string[];
  readonly ledger: readonly LedgerLine[];
  /** What the practice system holds for the family, cancelled ones included. */
  readonly held: readonly {
    readonly appointmentGuid: string;
    readonly firstName: string;
    readonly start: string;
    readonly status: string;
  }[];
  readonly now: Date;
}

/** A sentence for every point in which the practice system's state is not what the ledger and the transcript say; empty when all agree. */
export function contradictions({ children, told, ledger, held, now }: Evidence): readonly string[] {
  const standing = held.filter(({ status }) => status !== 'Cancelled');
  const ledgerLine = (guid: string): LedgerLine | undefined =>
    ledger.find(({ appointmentGuid }) => appointmentGuid.toLowerCase() === guid.toLowerCase());
  const moves = ledger.filter(({ kind }) => kind === 'moved').length;
  const problems = children.flatMap((firstName) => {
    const own = standing.filter((appointment) => appointment.firstName === firstName);
    const [only] = own;
    if (only === undefined || own.length > 1) {
      return [`${firstName} has ${own.length} appointments in the practice system instead of one.`];
    }
    const line = ledgerLine(only.appointmentGuid);
    const said = told
      .filter((text) => sentencesAbout(firstName, text).length > 0)
      .map((text) => timesSpoken(sentencesAbout(firstName, text).join(' '), now)[0])
      .at(-1);
    return [
      ...(line === undefined ? [`The ledger knows nothing of ${firstName} at ${only.start}.`] : []),
      ...(line !== undefined && line.start !== only.start
        ? [`The ledger has ${firstName} at ${line.start}, the practice system at ${only.start}.`]
        : []),
      ...(said === only.start
        ? []
        : [
            `The caller was told ${said ?? 'no time'} for ${firstName}, the practice system has ${only.start}.`,
          ]),
    ];
  });
  const given = held.length - standing.length;
  if (given !== moves) {
    problems.push(
      `${given} appointments are cancelled in the practice system, but ${moves} were moved by the ledger.`,
    );
  }
  return problems;
}

/** Sentences that claim a result for this child. */
const sentencesAbout = (firstName: string, text: string): readonly string[] =>
  text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => sentence.includes(firstName) && /\b(booked|moved)\b/.test(sentence));
