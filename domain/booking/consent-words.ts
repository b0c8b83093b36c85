/** The words by which `isConsent` decides, lower case, English and Spanish. Each list errs towards asking once more. */

const start = '(?<![\\p{L}\\p{N}])';
const end = '(?![\\p{L}\\p{N}])';
const word = (alternatives: string, flags = 'u'): RegExp =>
  new RegExp(`${start}(?:${alternatives})${end}`, flags);

/** Phrases with a "no", an "if" or another word of doubt in them that take nothing back. */
export const harmless = word(
  [
    'no problem|no problemo|no worries|no issues?|not a problem|not at all|no objections?|no changes|no questions',
    "why not|no need to (?:wait|ask|change|check)|(?:don't|do not) worry|can't wait|(?:i |we )?(?:don't|do not) mind|no doubt",
    "(?:see|talk to|catch) you later|if (?:you (?:can|could|would|don't mind|please)|possible|(?:that's|that is|it's) (?:ok|okay|fine|alright|possible))",
    '(?:sin|no hay) (?:ning[uú]n )?problema|c[oó]mo no|por qu[eé] no|no (?:se |te )?preocup\\p{L}+|hasta luego|si (?:puede|es posible|me hace el favor|no es molestia)',
  ].join('|'),
  'gu',
);

/** Words that take back, put off, change or doubt. One of them and the caller has to be asked again. */
export const withdrawal: readonly RegExp[] = [
  word(
    "no|nope|nah|nay|not|never|nothing|don'?t|do not|doesn'?t|can'?t|cannot|couldn'?t|won'?t|wouldn'?t|shouldn'?t|isn'?t|ain'?t|haven'?t|didn'?t|stop|nevermind|forget (?:it|that)|scratch that|skip (?:it|that)",
  ),
  word(
    "wait|hold (?:on|up|it|that|them)|hang on|(?:one|a|just a|just one) (?:moment|minute|second|sec)|later|maybe|perhaps|possibly|probably|might|unless|depends|depending|as long as|provided|assuming|if|let me (?!know)\\p{L}+|unsure|not sure|think about|i think so|i guess|i suppose|i'?ll (?:think|see|check|let you know|get back|call)|get back to|call (?:you )?back|second thoughts?|(?<!mm?[- ]?)hm+|yeah,? right|kind of|sort of|repeat|say (?:that|it) again|pardon",
  ),
  word(
    'but|although|though|except|instead|actually|rather|prefer|better|different|another|others?|change|changes|switch|sooner|earlier|only|what about|how about|what if|question|conflict|busy|unavailable|problem|issue|trouble|too (?:early|late|soon|far|long|much|expensive)|cancel that',
  ),
  word(
    "(?:need|needs|have|has|got|going|want|wants|supposed) to (?!book|go ahead|do (?:it|that)|confirm (?:it|that|this|the)|schedule|come|make|take|say|keep)\\p{L}+|check with|ask my|talk to|(?:i|he|she|they|we)(?:'ve| have| has|'s)? (?:got )?(?:work|school|class|practice|soccer)",
  ),
  word(
    'no|nunca|nada|tampoco|esper\\p{L}*|esp[eé]r\\p{L}+|pero|aunque|mejor|prefi\\p{L}+|cambi\\p{L}*|otr[oa]s?|quiz[aá]s?|tal vez|a lo mejor|luego|despu[eé]s|m[aá]s (?:tarde|temprano)|todav[ií]a|a[uú]n|en vez|d[eé]j\\p{L}+ (?:pensar|ver|revisar|consultar|preguntar)|un (?:momento|momentito|segundo)|a ver|creo que|supongo|pregunta|duda|problema|ocupad[oa]|tengo que|depende|excepto|s[oó]lo|solamente|hay que|cu[aá]l|d[oó]nde|cu[aá]nto',
  ),
  /\?|¿/u,
];

/** A clause that asks, though speech leaves the question mark out. "Could you book it" asks for what was offered. */
export const questionStart =
  /^(?:(?:and|so|ok|okay|yes|yeah|sure|right|well|um+|uh+|oh|sorry|great|perfect|thanks|also|then|y|bueno|pues|s[ií]|oiga|este|perd[oó]n)\s+)*(?:(?:what|when|where|who|whose|why)(?:'s)?(?!\p{L})|how (?!nice|great|lovely)|which (?!is|works)|(?:is|are|was|were|does|did|has)n?'?t?\s+(?:it|that|this|there|i|we|you|they|he|she|the|my|your|both)(?!\p{L})|do\s+(?:i|we|you|they)(?!\p{L})|(?:have|am|will|should|shall|may)\s+(?:i|we|you|they|it|that|the|he|she)(?!\p{L})|(?:can|could|would|will) (?:i|we|they|it|that|he|she|the|there)(?!\p{L})|(?:can|could|would|will) you (?!(?:please |just |kindly )*(?:book|do|go ahead|confirm|schedule|reserve|make|put|cancel|move))|(?:qu[eé]|cu[aá]ndo|c[oó]mo|a qu[eé]|es (?:el|la)|hay|tiene[ns]?)(?!\p{L}))(?! (?:bien|bueno))/u;

/** A yes wherever it stands. */
export const clearYes: readonly RegExp[] = [
  word(
    'yes|yeah|yea|yep|yup|yess+|yas|yah|uh[- ]huh|aj[aá]|mm[- ]?hmm?|absolutely|definitely|certainly|of course|by all means|you bet|for sure|sure thing|agreed|i agree|i accept|i confirm|confirmed|we accept',
  ),
  word(
    "(?:sounds|looks|that's|thats|that is|that'd be|that would be|it's|works|works out|we're|i'm|all) (?:just |really |very |all |absolutely |so )?(?:good|great|fine|perfect|right|correct|wonderful|lovely|excellent|awesome|set|ok|okay|alright|for (?:me|us|them|him|her|everyone))",
  ),
  word(
    "(?:that|it|this|which) (?:\\p{L}+ ){0,4}works|(?:they|both|those|that'll|that will|it'll|it will|this will) work|sounds like a plan|(?:fine|good|ok|okay) (?:by|with) (?:me|us)|i want (?:it|that|that one|them|both)",
  ),
  word(
    "please do|go ahead|go for it|do (?:it|that) please|please do (?:it|that)|make it so|let's (?:do|book|go with|take|schedule|confirm) (?:it|that|them|those|this|both)|let's do it|(?:i|we)(?:'d| would) (?:like|love) (?:that|it|to book)|(?:i|we)(?:'ll| will) take (?:it|that|them|both|those|the)|(?:book|schedule|reserve|confirm) (?:it|them|that|this|those|both|all|us|me|him|her|now)|(?:can|could|would|will) you (?:please |just )?(?:book|confirm|schedule|reserve|do)(?: (?:it|that|them|this|both))?(?: please| for (?:me|us))?$|lock (?:it|them|that) in|sign (?:us|me|him|her|them) up|put (?:us|me|him|her|them) down|all good",
  ),
  word(
    'sí|sip|claro que s[ií]|si por favor|de acuerdo|est[aá] (?:muy )?(?:bien|perfecto|excelente)|me parece (?:muy )?(?:bien|perfecto|excelente)|por supuesto|desde luego|adelante|as[ií] es|acepto|confirmo|conf[ií]rm[ea](?:l[oae]s?|me|melo|nosl?[oa]?)|res[eé]rv[ea](?:l[oae]s?|me|melo|mel[oa]s?|nosl?[oa]?)|ag[eé]nd[ea](?:l[oae]s?|me|melo|mel[oa]s?|nosl?[oa]?)|h[aá]gal[oae]s?|c[oó]mo no|lo tomo|la tomo|est[aá] confirmad[oa]|lo quiero|la quiero|esa (?:hora )?(?:est[aá] bien|me sirve)|me (?:sirve|funciona|conviene|queda (?:bien|perfecto))|nos (?:sirve|funciona|conviene|queda (?:bien|perfecto))',
  ),
  /👍|👌|✅|💯/u,
];

/** A yes when said by itself or with small words around it. */
export const mildYes = word(
  'ok|okay|okey|okie|k|sure|right(?! now| there| away)|correct|exactly|precisely|perfect|perfecto|great|fine|good(?! (?:morning|afternoon|evening|night|day))|works|cool|awesome|excellent|wonderful|lovely|super|alright|all right|confirm|deal|do it|do that|ya|si|claro|vale|bueno|bien|correcto|exacto|excelente|listo|dale|[oó]rale|[aá]ndale|s[uú]per|genial|confirmado|reserve|agende',
);

/** Small words, times and days that change nothing about a mild yes. */
export const mildYesCompany = word(
  [
    mildYes.source.replace(start, '').replace(end, ''),
    "then|thanks?|thank you|thx|so|very|much|please|pls|that|this|it|its|it's|that's|one|ones|both|all|the|for|us|me|them|him|her|to|i|i'm|we|we're|is|are|with|well|um+|uh+|oh|ah|and|just|now|here|there|ma'?am|sir|dear|again|a|lot|you|first|second|third|at|on|o'?clock|am|pm|in|morning|afternoon|of|kids|children|visits|appointments",
    "let's|do|book|see",
    'monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|\\d{1,2}(?::\\d{2})?(?:st|nd|rd|th)?',
    'por favor|gracias|muchas|muy|eso|esa|ese|esta|este|entonces|se[nñ]or(?:a|ita)?|a|las|el|la|los|de|para|m[ií]|nosotros|s[ií]|con|y|ah|todo|me|parece|quiero',
  ].join('|'),
  'gu',
);

/** How the caller names the very thing that was asked, and how they refuse it, by what was asked. */
export const ownVerb: Readonly<
  Record<'book' | 'move' | 'cancel', { readonly agrees: RegExp; readonly refuses: RegExp }>
> = {
  book: {
    agrees: word('(?:please )?(?:book|schedule|reserve) (?:it|them|that|both)', 'gu'),
    refuses: word('cancel(?:l?ed|l?ing|led)?|cancel[ae]\\p{L}*|anul\\p{L}+'),
  },
  move: {
    agrees: word(
      '(?:please )?(?:move|change|switch|reschedule) (?:it|that|them|this|mine|the (?:appointment|visit)|my (?:appointment|visit))|c[aá]mbi[ae]l[ao]s?|mu[eé]v[ae]l[ao]s?|reprogr[aá]m[ae]l[ao]s?',
      'gu',
    ),
    refuses: word('cancel(?:l?ed|l?ing)?|cancel[ae]\\p{L}*|leave (?:it|them)|d[eé]je?l[ao]s?'),
  },
  cancel: {
    agrees: word(
      '(?:please )?cancel(?: (?:it|that|them|this|mine|both|the (?:appointment|visit)|my (?:appointment|visit)|all of them))?|canc[eé]l[ae]l[ao]s?|cancele(?: la cita)?',
      'gu',
    ),
    refuses: word(
      'keep|leave (?:it|them)|d[eé]je?l[ao]s?|mantener|mantenga\\p{L}*|conserv\\p{L}+|book|move|reschedule|reserv\\p{L}+',
    ),
  },
};
