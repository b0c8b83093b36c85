import { phrases, type Deed, type Phrase } from './booking-phrases.js';
import { segmentsOf, sentencesOf } from './clauses.js';

/** Words of an answer that tell something as done. */
export interface Assertion {
  readonly deed: Deed;
  readonly stands: boolean;
  /** The sentence with everything that it names, and the part of it that tells. */
  readonly sentence: string;
  readonly words: string;
}

/**
 * What an answer tells as booked, moved, cancelled, held or handed over: what needs a claim (claude.md 6). A question, an offer, a condition
 * or a denial tells of nothing, but only where it governs the very words: "You're booked, nothing else to do" is told. English and Spanish.
 */
export function bookingAssertions(say: string): Assertion[] {
  const proposing = proposal.test(say.toLowerCase());
  return sentencesOf(say).flatMap((sentence) =>
    segmentsOf(sentence).flatMap((words) => {
      const text = words
        .toLowerCase()
        .replace(/^[¡¿"'*\s]+/u, '')
        .replace(reassurance, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      if (isQuestion(sentence, text)) return [];
      return phrases
        .filter((phrase) => tells(phrase, text, proposing))
        .map((phrase) => ({
          deed: deedIn(phrase, text),
          stands: phrase.stands === true,
          sentence,
          words: words.slice(0, 120),
        }));
    }),
  );
}

/** Phrases whose "no" or "not" denies nothing. */
const reassurance =
  /\b(?:no problem(?: at all)?|no worries|not a problem|don't worry|not to worry|nothing to worry about|no need to worry|no doubt|not only|can't wait|without (?:a |any )?problems?|sin (?:ning[uú]n )?problemas?|no hay (?:ning[uú]n )?problema|no se preocupe)(?!\p{L})/gu;

/** "Ben's visit will be on Tuesday. Shall I book it?" reads back, it does not tell. */
const proposal =
  /\b(?:shall|should|may|can|could) (?:i|we) (?:go ahead|book|confirm|schedule|reserve|move|cancel)|\b(?:would you like|do you want) (?:me|us)? ?to (?:go ahead|book|confirm|schedule|reserve|move|cancel)|(?:l[aoe] (?:reservo|agendo|confirmo))|(?:quiere|desea) que (?:l[aoe] )?(?:reserve|agende|confirme)/u;

function tells(phrase: Phrase, text: string, proposing: boolean): boolean {
  const match = phrase.pattern.exec(text);
  if (!match) return false;
  const before = text.slice(0, match.index);
  const [told] = match;
  const after = text.slice(match.index + told.length);
  if (phrase.notAfter?.test(before)) return false;
  if (proposing && /\b(?:will be|ser[aá]n?)\b/u.test(told)) return false;
  if (phrase.deed === 'booked' || phrase.deed === 'held') {
    if (takenByOthers.test(text) || aboutDetails.test(text)) return false;
  }
  return !isDenied(before, told) && !isConditional(before, after) && !modal.test(before);
}

/** "Reserved" is what one says of a hold; an appointment that is reserved is booked. A cancellation that is confirmed is cancelled. */
function deedIn({ deed, pattern }: Phrase, text: string): Deed {
  if ((deed === 'booked' || deed === 'held') && isOnTheList(pattern, text)) return 'waitlisted';
  if (deed === 'booked' && /\bcancell?ation|\bcancelaci[oó]n/u.test(text)) return 'cancelled';
  return deed === 'held' && /\b(?:appointments?|visits?|bookings?)\b.*\breserved/u.test(text)
    ? 'booked'
    : deed;
}

const takenByOthers =
  /\b(?:fully|completely|solidly) booked|\ball booked up|\bby (?:someone|somebody|another|a different|other)\b|\b(?:someone|somebody) else\b|\b(?:times?|slots?|openings?|spots?|one|days?|week|morning|afternoon) (?:is|are|was|were|has been|have been|'s)(?: already| now| just| unfortunately)+ (?:booked|reserved|taken|scheduled)(?! for (?:you|him|her|them))|alguien m[aá]s|otra persona|(?:horario|hora) ya (?:est[aá]|fue) (?:reservad|ocupad)/u;

/** "Put down for the waiting list" books nothing. */
function isOnTheList(pattern: RegExp, text: string): boolean {
  const match = pattern.exec(text);
  if (!match) return false;
  const after = text.slice(match.index + match[0].length);
  return theList.test(after) || (/put|added|signed|anot/u.test(match[0]) && namedOnTheList.test(after));
}

const list = '(?:wait(?:ing)?[- ]?list|lista de espera)(?!\\p{L})';
const theList = new RegExp(
  `^ ?(?:down )?(?:on|onto|to|in|for|en|a)?(?: ?(?:the|our|la|nuestra))? ?${list}`,
  'u',
);
const namedOnTheList = new RegExp(
  `^(?: \\p{L}+){0,4} (?:on|onto|to|for|en|a) (?:the|our|la|nuestra) ${list}`,
  'u',
);

/** "I have confirmed your phone number" is about a record, not about a visit. */
const aboutDetails =
  /\b(?:phone|number|details|birth|address|identity|information|insurance|insurer|seguro|e-?mail|spelling|name|n[uú]mero|datos|identidad|nacimiento|direcci[oó]n)\b(?!.*\b(?:appointments?|visits?|booking|citas?)\b)/u;

const denial =
  /(?<!\p{L})(?:not|never|nothing|none|no|nobody|neither|nor|nada|nunca|ning[uú]n[oa]?s?|tampoco|nadie|sin)(?!\p{L})|n't(?!\p{L})/u;

/** A denial governs what stands within four words of it. */
function isDenied(before: string, told: string): boolean {
  const near = before.trim().split(' ').slice(-4).join(' ');
  return denial.test(near) || denial.test(told.replace(/\bno longer\b|(?<!\p{L})ya no(?!\p{L})/gu, ''));
}

const condition =
  /(?:^|\s)(?:once|before|after|when|whenever|if|until|till|unless|whether|as soon as|in case|so that|cuando|antes|despu[eé]s|si|una vez|hasta|en cuanto|para que)(?: \S+){0,7} ?$/u;

const conditionAfter =
  /^\W*(?:only )?(?:once|as soon as|if|when|after|until|cuando|en cuanto|una vez|si)\s+(?:you|i|we|the|he|she|they|usted|me|l[eoa]|que)\b.{0,24}?(?:say|confirm|agree|give|tell|approve|want|hear|diga|dice|acept|d[eé]\b)/u;

const isConditional = (before: string, after: string): boolean =>
  condition.test(before) || conditionAfter.test(after);

const modal =
  /(?:\b(?:would|could|should|can|may|might|must|let me|let's|puede|podr[ií]a|pueda|deber[ií]a)|'d)(?: have| be| haber| estar)? ?$/u;

const inverted =
  /^(?:(?:and|so|or|but|ok|okay|great|sorry|then|also) )*(?:(?:is|are|was|were|has|have|had|do|does|did|can|could|would|will|should|shall|may)n?'?t? (?!(?:been |now |all )*(?:booked|scheduled|confirmed|reserved|cancell?ed|moved)\b)\S+|what|when|where|which|who|whose|how|why)/u;

/** "Did you know you're booked?" asks, and tells all the same. */
const presupposes = /\b(?:now that|since|did you know|ahora que|ya que)\b/u;

/** In a sentence with a question mark, a part that is worded as a question. "You're booked, is that okay?" tells, and then asks. */
const isQuestion = (sentence: string, segment: string): boolean =>
  sentence.trimEnd().endsWith('?') &&
  (sentence.startsWith('¿') || inverted.test(segment)) &&
  !presupposes.test(segment);
