import { isMentionOf, mentionsIn } from '../agent/dates-and-times.js';
import type { PracticeDate, PracticeTime } from '../time/practice-time.js';
import {
  clearYes,
  harmless,
  mildYes,
  mildYesCompany,
  ownVerb,
  questionStart,
  withdrawal,
} from './consent-words.js';

/** What the caller was asked to agree to. */
interface Asked {
  /** Decides what "cancel it" and "change it" mean: the thing agreed to, or a change of mind. */
  readonly action: 'book' | 'move' | 'cancel';
  /** Starts that were read back. A caller who says "yes, 9:30" to an offer of 9:00 has not agreed. */
  readonly times: readonly PracticeTime[];
  readonly today: PracticeDate;
}

/**
 * True when the caller's words of a turn, in their order, hold a clear yes and nothing that takes it back, changes it or asks
 * (claude.md 5.2, rule 3). Doubt means false: asking once more costs a sentence, a wrong booking a visit. English and Spanish, with or
 * without punctuation, since speech comes without. With `asked`, the words are also held against what was read back.
 */
export function isConsent(texts: readonly string[], asked?: Asked): boolean {
  const said = texts.join('\n').normalize('NFC').toLowerCase().replaceAll('’', "'");
  const own = asked && ownVerb[asked.action];
  const words = (own ? said.replace(own.agrees, ' yes ') : said).replace(harmless, ' ');
  if (withdrawal.some((pattern) => pattern.test(words))) return false;
  if (own?.refuses.test(words)) return false;
  if (asked && namesAnotherTime(said, asked)) return false;
  const clauses = words.split(/[.,;:!¡\n—–]+|\s-\s/).map((clause) => clause.trim());
  if (clauses.some((clause) => questionStart.test(clause))) return false;
  return clauses.some((clause) => clearYes.some((pattern) => pattern.test(clause)) || isMildYes(clause));
}

/** "OK" agrees when hardly anything else is said with it: "ok, thanks" does, "ok my number is …" and "right now I am driving" do not. */
const isMildYes = (clause: string): boolean =>
  mildYes.test(clause) && clause.replace(mildYes, ' ').replace(mildYesCompany, ' ').trim() === '';

/** A day or time in the caller's words that is not one of those read back. */
const namesAnotherTime = (said: string, { times, today }: Asked): boolean =>
  !mentionsIn(said, today).every((mention) => times.some((time) => isMentionOf(mention, time)));
