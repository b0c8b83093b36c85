import type { AgentAnswer, ClaimKind } from './answer.js';
import type { ClaimFacts, Violation } from './claim-facts.js';
import type { Deed } from './booking-phrases.js';
import { bookingAssertions, type Assertion } from './booking-words.js';
import { isMentionOf, mentionsIn } from './dates-and-times.js';
import { unknownTimes } from './known-times.js';

export type ClaimCheck =
  { readonly ok: true } | { readonly ok: false; readonly violations: readonly Violation[] };

/**
 * Decides whether an answer may be spoken (DESIGN rule 7): every claim is in the ledger, nothing is told as done that no claim of its kind
 * covers, and every day, time, doctor and price is known. Strict on purpose: a refused draft costs one more model call, a false promise a
 * family's trip.
 */
export function checkAnswer(answer: AgentAnswer, facts: ClaimFacts): ClaimCheck {
  const violations = [
    ...falseClaims(answer, facts),
    ...bookingAssertions(answer.say).flatMap((told) => problemWith(told, answer, facts)),
    ...unknownTimes(answer.say, facts),
    ...unknownPeopleAndPrices(answer.say, facts),
    ...identifiers(answer.say, facts),
  ];
  const distinct = new Map(violations.map((found) => [`${found.kind} ${found.excerpt}`, found]));
  return distinct.size === 0 ? { ok: true } : { ok: false, violations: [...distinct.values()] };
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

/** Claims that make words of a kind true. A move books and cancels; a hold is no booking. */
const covering: Readonly<Record<Exclude<Deed, 'handedOff'>, readonly ClaimKind[]>> = {
  booked: ['booked', 'moved', 'confirmed'],
  moved: ['moved'],
  cancelled: ['cancelled', 'moved'],
  held: ['held', 'booked', 'moved'],
  waitlisted: ['waitlisted'],
  noted: ['noted'],
  any: ['booked', 'moved', 'cancelled', 'handed_off', 'confirmed', 'waitlisted', 'noted'],
};

function problemWith(told: Assertion, answer: AgentAnswer, facts: ClaimFacts): Violation[] {
  if (told.deed === 'handedOff') {
    const isTrue = facts.tasks.length > 0 || answer.needs_human || beingChecked.test(answer.say);
    return isTrue ? [] : [{ kind: 'handOffWithoutTask', excerpt: told.words }];
  }
  const kinds = covering[told.deed];
  const claims = answer.claims.filter(({ kind }) => kinds.includes(kind));
  if (claims.length < peopleIn(told)) {
    if (told.stands && standsInDiary(told, facts)) return [];
    return [{ kind: 'unclaimedBookingWords', excerpt: told.words }];
  }
  const lines = facts.ledger.filter((line) =>
    claims.some(({ kind, ref }) => kind === line.kind && ref === line.ref),
  );
  return told.deed === 'booked' && namesOtherTime(told, lines, facts)
    ? [{ kind: 'claimWithoutLedger', excerpt: told.sentence.slice(0, 120) }]
    : [];
}

/** An unclear write leaves a task of its own; the words for it promise a call (failure-modes.md 7). */
const beingChecked = /\bbeing (?:checked|confirmed|verified)|est[aá] (?:confirmando|verificando|revisando)/iu;

/** How many claims the words need: "both are booked" needs two. */
function peopleIn({ deed, words }: Assertion): number {
  if (deed === 'any') return 1;
  if (/\ball three\b|\bl[oa]s tres\b/iu.test(words)) return 3;
  return /\bboth\b|\bl[oa]s dos\b|\bamb[oa]s\b/iu.test(words) ? 2 : 1;
}

/** True when a sentence names at least one day or time, and all that it names is an appointment that stands. */
function standsInDiary({ sentence }: Assertion, { appointments = [], today }: ClaimFacts): boolean {
  const mentions = mentionsIn(sentence, today);
  return (
    mentions.some(({ kind }) => kind !== 'weekday') &&
    mentions.every((mention) => appointments.some((time) => isMentionOf(mention, time)))
  );
}

/** A claim is true of its own time only: "booked" with the reference of Tuesday does not book Wednesday. */
function namesOtherTime(
  { sentence }: Assertion,
  lines: ClaimFacts['ledger'],
  { appointments = [], today }: ClaimFacts,
): boolean {
  const starts = lines.flatMap(({ start }) => start ?? []);
  // Without the times of all that is claimed there is nothing to compare with.
  if (starts.length === 0 || starts.length < lines.length) return false;
  const known = [...starts, ...appointments];
  return mentionsIn(sentence, today)
    .filter(({ at }) => !movedFrom.test(sentence.slice(0, at)))
    .some((mention) => !known.some((time) => isMentionOf(mention, time)));
}

const movedFrom = /\b(?:from|instead of|de|desde|en vez de)\s+(?:\p{L}+,?\s+){0,3}$/iu;

function unknownPeopleAndPrices(say: string, facts: ClaimFacts): Violation[] {
  const known = ` ${[...facts.callerTexts, ...facts.practiceFacts].join('\n').toLowerCase()} `;
  const unknown = (pattern: RegExp): string[] =>
    [...say.matchAll(pattern)].map(([text]) => text).filter((text) => !standsIn(known, text.toLowerCase()));
  return [
    ...unknown(/\b(?:Dra?\.?|[Dd]octora?)\s+\p{Lu}\p{L}+/gu).map((excerpt): Violation => ({
      kind: 'unknownDoctor',
      excerpt,
    })),
    ...[...unknown(amount), ...unknown(freeOfCharge)].map((excerpt): Violation => ({
      kind: 'unknownPrice',
      excerpt,
    })),
  ];
}

const amount =
  /\$\s?\d+(?:,\d{3})*(?:\.\d+)?|\b\d+(?:,\d{3})*(?:\.\d+)?\s?(?:dollars|bucks|usd|euros|pesos|d[oó]lares)\b|\b(?:hundred|thousand|cien|cientos|mil)\s+(?:dollars|bucks|euros|pesos|d[oó]lares)\b/giu;

const freeOfCharge =
  /\b(?:free of charge|at no (?:cost|charge)|no charge|complimentary|gratis|gratuit[oa]s?|sin (?:ning[uú]n )?costo|for free)\b/giu;

/** "$25" does not stand in "$250". */
function standsIn(known: string, text: string): boolean {
  const at = known.indexOf(text);
  return at >= 0 && !/^[\p{L}\d]|^[.,]\d/u.test(known.slice(at + text.length));
}

/** References, ids and names of tools are for code; a caller who hears "S1" was not spoken to. */
const identifiers = (say: string, { practiceFacts }: ClaimFacts): Violation[] =>
  [
    ...say.matchAll(
      /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}\b|(?<![\w-])[PSHATWN]\d{1,3}(?![\w-])|\b[a-z]+_[a-z_]+\b/gi,
    ),
  ]
    .filter(([text]) => !practiceFacts.some((fact) => fact.includes(text)))
    .map(([text]) => ({ kind: 'rawIdentifier', excerpt: text.slice(0, 40) }));
