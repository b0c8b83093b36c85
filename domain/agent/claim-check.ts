import type { PracticeDate, PracticeTime } from '../time/practice-time.js';
import { weekdayOf } from '../time/practice-time.js';
import type { AgentAnswer } from './answer.js';
import { bookingAssertions } from './booking-words.js';
import { namedTimes } from './dates-and-times.js';

/** What is true and known at this moment of the conversation. */
export interface ClaimFacts {
  readonly ledger: readonly { readonly kind: 'booked' | 'moved' | 'cancelled'; readonly ref: string }[];
  /** References of holds that are active. */
  readonly holds: readonly string[];
  /** References of staff tasks. */
  readonly tasks: readonly string[];
  /** Offered slots, own appointments, ledger. */
  readonly times: readonly PracticeTime[];
  /** The caller's words of this turn: what they named may be repeated. */
  readonly callerTexts: readonly string[];
  /** Sentences of the practice: hours, addresses, phone. */
  readonly practiceFacts: readonly string[];
  readonly today: PracticeDate;
}

export interface Violation {
  readonly kind:
    | 'claimWithoutLedger'
    | 'unclaimedBookingWords'
    | 'unknownTime'
    | 'unknownDate'
    | 'unknownDoctor'
    | 'unknownPrice'
    | 'rawIdentifier';
  /** The words in question; they go to the model, not into logs. */
  readonly excerpt: string;
}

export type ClaimCheck =
  { readonly ok: true } | { readonly ok: false; readonly violations: readonly Violation[] };

/**
 * Decides whether an answer may be spoken (DESIGN rule 7): every claim is in the ledger, nothing is told as done without a claim, and every
 * day, time, doctor and price is known. Strict on purpose: a refused draft costs one more model call, a false promise a family's trip.
 */
export function checkAnswer(answer: AgentAnswer, facts: ClaimFacts): ClaimCheck {
  const violations = [
    ...falseClaims(answer, facts),
    ...unclaimed(answer),
    ...unknownTimes(answer.say, facts),
    ...unknownPeopleAndPrices(answer.say, facts),
    ...identifiers(answer.say),
  ];
  return violations.length === 0 ? { ok: true } : { ok: false, violations };
}

function falseClaims({ claims }: AgentAnswer, facts: ClaimFacts): Violation[] {
  return claims
    .filter(({ kind, ref }) => {
      if (kind === 'held') return !facts.holds.includes(ref);
      if (kind === 'handed_off') return !facts.tasks.includes(ref);
      return !facts.ledger.some((line) => line.kind === kind && line.ref === ref);
    })
    .map(({ kind, ref }) => ({ kind: 'claimWithoutLedger', excerpt: `${kind} ${ref}` }));
}

/** A claim covers the words of its answer; without any claim nothing may be told as done. */
const unclaimed = ({ claims, say }: AgentAnswer): Violation[] =>
  claims.length > 0
    ? []
    : bookingAssertions(say).map((clause) => ({
        kind: 'unclaimedBookingWords',
        excerpt: clause.slice(0, 120),
      }));

function unknownTimes(say: string, facts: ClaimFacts): Violation[] {
  const said = namedTimes(say, facts.today);
  const known = [...facts.callerTexts, ...facts.practiceFacts].map((text) => namedTimes(text, facts.today));
  const times = new Set([
    ...facts.times.map((time) => time.slice(11, 16)),
    ...known.flatMap((named) => named.times),
  ]);
  const days = new Set([
    facts.today.slice(5),
    ...facts.times.map((time) => time.slice(5, 10)),
    ...known.flatMap((named) => named.days),
  ]);
  const weekdays = new Set([
    weekdayOf(facts.today),
    ...facts.times.map((time) => weekdayOf(time.slice(0, 10))),
    ...known.flatMap((named) => named.weekdays),
  ]);
  // "9:30" of the afternoon may be said without PM.
  const knownTime = (time: string): boolean =>
    times.has(time) || (time < '12:00' && times.has(afternoon(time)));
  return [
    ...said.times
      .filter((time) => !knownTime(time))
      .map((time): Violation => ({ kind: 'unknownTime', excerpt: time })),
    ...said.days
      .filter((day) => !days.has(day))
      .map((day): Violation => ({ kind: 'unknownDate', excerpt: day })),
    ...said.weekdays
      .filter((weekday) => !weekdays.has(weekday))
      .map((weekday): Violation => ({ kind: 'unknownDate', excerpt: `weekday ${weekday}` })),
  ];
}

const afternoon = (time: string): string => `${Number(time.slice(0, 2)) + 12}${time.slice(2)}`;

function unknownPeopleAndPrices(say: string, facts: ClaimFacts): Violation[] {
  const known = [...facts.callerTexts, ...facts.practiceFacts].join('\n').toLowerCase();
  const isKnown = ([text]: RegExpMatchArray): boolean => known.includes(text.toLowerCase());
  const doctors = [...say.matchAll(/\bDra?\.?\s+\p{Lu}\p{L}+/gu)].filter((match) => !isKnown(match));
  const prices = [...say.matchAll(/\$\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:dollars|d[oó]lares)\b/giu)].filter(
    (match) => !isKnown(match),
  );
  return [
    ...doctors.map(([text]): Violation => ({ kind: 'unknownDoctor', excerpt: text })),
    ...prices.map(([text]): Violation => ({ kind: 'unknownPrice', excerpt: text })),
  ];
}

/** References and ids are for code; a caller who hears "S1" was not spoken to. */
const identifiers = (say: string): Violation[] =>
  [...say.matchAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}\b|(?<![\w-])[PSHAT]\d{1,3}(?![\w-])/gi)].map(
    ([text]) => ({
      kind: 'rawIdentifier',
      excerpt: text.slice(0, 40),
    }),
  );
