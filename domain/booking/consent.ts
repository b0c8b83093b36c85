/** Words of agreement. A consent needs one of them; what the model reports about the caller counts for nothing. */
const agreement = [
  /\b(yes|yeah|yep|yup|ya|sure|ok|okay|correct|exactly|absolutely|definitely|certainly|perfect|great|agreed|confirmed?)\b/,
  /\bright\b(?! now)/,
  /\b(sounds|looks|that's|thats|that is|works|all) (good|great|fine|perfect|right|correct|set|for (me|us))\b/,
  /\b(that|it|this) works\b/,
  /\b(please do|go ahead|do it|book (it|them|that|both|all|us)|make it so|let's do (it|that)|i('d| would) like that|i accept|i agree)\b/,
  /(^|[^\p{L}])(s[ií]|claro|correcto|perfecto|adelante|vale|bueno|de acuerdo|est[aá] bien|por supuesto|conf[ií]rm\p{L}*|reserv[ae]\p{L}*)(?=$|[^\p{L}])/u,
] as const;

/** Phrases with a "no" or "not" in them that take nothing back. */
const harmless =
  /\b(no problem|no worries|no issue|not a problem|why not|no objections?|no need to (wait|ask)|sin problema|no hay problema|c[oó]mo no|por qu[eé] no)\b/g;

/** Words that take back, put off, change or question. One of them and the caller has to be asked again. */
const withdrawal = [
  /\b(no|nope|nah|not|never|don'?t|do not|doesn'?t|can'?t|cannot|won'?t|wouldn'?t|isn'?t|stop|cancel that)\b/,
  /\b(wait|hold on|hang on|one (moment|second|sec)|later|maybe|perhaps|unless|depends|let me (think|check|ask)|not sure|unsure|think about)\b/,
  /\b(but|instead|actually|rather|different|another|other|change|switch|earlier|except|only if|what about|how about|what if)\b/,
  /(^|[^\p{L}])(no|nunca|espera|esp[eé]r\p{L}*|pero|mejor|cambi\p{L}*|otr[oa]s?|quiz[aá]s?|tal vez|luego|despu[eé]s|todav[ií]a|en vez|d[eé]j\p{L}* pensar)(?=$|[^\p{L}])/u,
  /\?/,
] as const;

/**
 * True when the caller's words of a turn, in their order, hold a clear yes and nothing that takes it back, changes it or asks
 * (claude.md 5.2, rule 3). Doubt means false: asking once more costs a sentence, a wrong booking a visit. English and Spanish.
 */
export function isConsent(texts: readonly string[]): boolean {
  const words = texts.join(' \n ').toLowerCase().replaceAll('’', "'").replace(harmless, ' ');
  return (
    agreement.some((pattern) => pattern.test(words)) && !withdrawal.some((pattern) => pattern.test(words))
  );
}
