/** Sentences that tell of something as done, by what they tell. A question, an offer, a condition or a denial tells of nothing. */
const assertions = [
  /\b(is|are|was|were|has been|have been|'s|'re|you're|that's|it's|been|now|all|successfully)\s+(now |all |already |officially |successfully |been )*(booked|scheduled|confirmed|reserved|cancell?ed|rescheduled|moved|transferred|set( up)?( for|\b))\b/,
  /\b(i|we)('ve| have| just| already| just now| went ahead and)*\s+(booked|scheduled|confirmed|reserved|cancell?ed|rescheduled|moved|changed|held|transferred|put you down|got you (booked|in|down)|set you up)\b/,
  /\b(you're|you are|they're|they are|he's|she's|everyone is|both are) (all set|in for|down for|good to go|on the (schedule|books))\b/,
  /\byour (new )?(appointment|visit|booking|reservation) (is|will be|'s) (on|at|for|set)\b/,
  /\b(booking|appointment|reservation|cancell?ation) (is )?(confirmed|complete|completed|done)\b/,
  /\b(see you|we look forward to seeing you) (on|at|tomorrow|today|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/,
  /\b(booked|scheduled|confirmed|reserved|cancell?ed|rescheduled)[!.]/,
  /(^|[^\p{L}])(he|hemos|ha sido|han sido|queda|quedan|quedó|est[aá]|est[aá]n|ya est[aá]|ya tiene|tiene su)\s+(ya )?(reservad|agendad|confirmad|cancelad|cambiad|programad|apartad|movid|reprogramad)\p{L}*/u,
  /(^|[^\p{L}])(reserv[eé]|agend[eé]|cancel[eé]|confirm[eé]|program[eé])(?=$|[^\p{L}])/u,
  /(^|[^\p{L}])(cita|citas) (reservada|agendada|confirmada|cancelada|cambiada)s?/u,
] as const;

/** A clause with one of these does not tell that something is done. */
const softened =
  /\b(not|n't|never|nothing|no longer|cannot|once|before|after|when|if|until|unless|would|could|should|shall|can|may|might|will i|want|like me to|to be|try|trying|being|about to|ready to|let me|in order to)\b|(^|[^\p{L}])(no|nada|cuando|antes|si|una vez|hasta|quiere|quisiera|puedo|podemos|desea|todav[ií]a)(?=$|[^\p{L}])/u;

/** Clauses that assert a booking, a move, a cancellation or a hold: what needs a claim (claude.md 6). English and Spanish. */
export function bookingAssertions(say: string): string[] {
  return clausesOf(say).filter((clause) => {
    if (clause.includes('?')) return false;
    const text = clause.toLowerCase();
    const asserted = assertions.some((pattern) => pattern.test(text));
    return asserted && !softened.test(text.replace(/\bcan't wait\b/g, ''));
  });
}

/** Sentences, cut again where a new statement begins: "Nothing is lost, you are booked" must not hide behind its first half. */
const clausesOf = (say: string): string[] =>
  say
    .replaceAll('’', "'")
    .split(
      /(?<=[.!?])\s+|\s*[;:]\s+|,\s+(?=(?:and |but |so |y |pero )?(?:you|i|we|it|your|that|they|both|he|she|su|la|el|ya|usted)\b)|\s+(?:and|but|so|y|pero)\s+(?=(?:you're|you are|i've|i have|we've|your|it's|it is)\b)/iu,
    )
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
