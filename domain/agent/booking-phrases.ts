/** What a phrase tells as done. `any` = something was done, whatever it was ("All done!"). */
export type Deed = 'booked' | 'moved' | 'cancelled' | 'held' | 'handedOff' | 'waitlisted' | 'noted' | 'any';

/** A way of telling something as done. */
export interface Phrase {
  readonly deed: Deed;
  readonly pattern: RegExp;
  /** True where it tells how things stand, not what was just done: then an appointment that the practice has makes it true. */
  readonly stands?: true;
  /** "I can see you on Tuesday" is an offer, "we will see you on Tuesday" is not. */
  readonly notAfter?: RegExp;
}

const l = '(?<!\\p{L})';
const r = '(?!\\p{L})';
const words = (source: string): RegExp => new RegExp(`${l}(?:${source})${r}`, 'u');

const adverbs =
  '(?: (?:now|all|already|officially|successfully|just|both|also|currently|hereby|then|indeed|definitely))*';
const be = `(?:(?:is|are|was|were|am|been|gets?|got)|(?<=\\p{L})'(?:s|re|m))${adverbs}`;
const did = `(?:i|we)(?:'ve| have| had|'d)?(?: (?:just|already|now|also|then|successfully|both|went ahead and|gone ahead and|quickly))*`;
const beDone = (participles: string): RegExp => new RegExp(`(?:${l}|(?='))${be} (?:${participles})${r}`, 'u');
const haveDone = (participles: string): RegExp => words(`${did} (?:${participles})`);
const able = (verbs: string): RegExp => words(`(?:able to|managed to|succeeded in) (?:${verbs})`);
const visit = '(?:appointments?|visits?|bookings?|reservations?|consultations?|exams?)';
const theList = '(?:the|our|my|a) wait(?:ing)?[- ]?list';
const weekday = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const whose = "(?:your|his|her|their|\\p{L}+'s)";

const english: readonly Phrase[] = [
  {
    deed: 'booked',
    stands: true,
    pattern: beDone(
      'booked(?! (?:up|out|solid))|scheduled|secured|locked in|set up|set for|pencill?ed in|finali[sz]ed|on (?:the|our) (?:schedule|books|calendar)|in (?:the|our) (?:schedule|books|calendar|system)|good to go|in for|down for|set(?= *[.!]?$)|on for',
    ),
  },
  // Confirming is a write of its own at the practice: that an appointment stands does not make it confirmed.
  { deed: 'booked', pattern: beDone('confirmed') },
  {
    deed: 'waitlisted',
    pattern: beDone(`(?:on|added to|placed on|put on|signed up for) ${theList}`),
  },
  {
    deed: 'waitlisted',
    pattern: haveDone(
      `(?:added|put|placed|entered|signed) (?:\\p{L}+ ){1,5}(?:on|to|onto|for|in) ${theList}`,
    ),
  },
  {
    deed: 'noted',
    pattern: haveDone(
      `(?:noted|saved|added|recorded|entered|stored|updated|put|written) (?:(?:\\p{L}|')+ ){0,5}(?:insurance|insurer)`,
    ),
  },
  {
    deed: 'noted',
    pattern: words(
      `(?:insurance|insurer)(?: \\p{L}+){0,3} (?:is|are|was|has been|have been|'s)(?: now| also)? (?:noted|saved|added|recorded|entered|stored|updated|on (?:file|record|the record))`,
    ),
  },
  {
    deed: 'any',
    pattern: words(
      `(?:${be}|^(?:(?:ok|okay|great|perfect|alright) )?(?:you're )?)? ?all set(?! to (?:book|search|look))`,
    ),
  },
  {
    deed: 'booked',
    pattern: haveDone(
      `booked|scheduled|confirmed|secured|locked in|arranged ${whose}|made (?:the|your|an?|both|that|this|his|her) (?:\\p{L}+ ){0,2}${visit}|put (?:\\p{L}+ ){1,3}(?:down|in|on the)|added (?:\\p{L}+ ){1,3}to (?:the|our) (?:schedule|calendar|books)|set (?:you|him|her|them|it|that|both) up|finali[sz]ed|completed (?:the|your) (?:booking|reservation)`,
    ),
  },
  {
    deed: 'booked',
    pattern: words(
      `(?:got|have|'ve got) (?:you|him|her|them|both|everyone|it|that|\\p{L}+)(?: both| all)? (?:booked|scheduled|down for|in for|on the (?:schedule|calendar|books)|set for|confirmed)`,
    ),
    notAfter: /(?:\b(?:will|would|to|can|could)|'ll|'d) $/u,
  },
  {
    deed: 'booked',
    pattern: words(`(?:i|we)(?:'ve| have)(?: got)? (?:you|him|her|them) (?:all )?(?:down|in|on|for|set)`),
    stands: true,
  },
  {
    deed: 'booked',
    stands: true,
    pattern: words(
      `(?:i|we)(?:'ve| have)(?: got)? ${whose} (?:\\p{L}+ ){0,2}${visit} (?:booked|scheduled|confirmed|set|down|on|for|at)`,
    ),
  },
  {
    deed: 'booked',
    pattern: able(
      'book|schedule|confirm|secure|lock in|get (?:you|him|her|them|both|\\p{L}+) (?:in|booked|scheduled|down|on)',
    ),
  },
  { deed: 'booked', pattern: words(`got (?:you|him|her|them|both|everyone) (?:in|down|on|set)`) },
  {
    deed: 'booked',
    stands: true,
    pattern: words(
      `${whose} (?:new |next |first )?${visit} (?:is|are|will be|'s) (?:on|at|for|set|this|next|tomorrow|today|${weekday})`,
    ),
  },
  {
    deed: 'booked',
    stands: true,
    pattern: words(
      `you(?:'ve| have)(?: got)? (?:an?|your|two|three|both) (?:\\p{L}+ ){0,2}${visit} (?:on|at|for|with|scheduled|booked|this|next|tomorrow|today|${weekday})`,
    ),
  },
  {
    deed: 'booked',
    pattern: words(
      `(?:${visit}|spots?|slots?|time) (?:is|are|has been|have been|was|were|'s)(?: now| all| already)? (?:made|created|completed?|done|finali[sz]ed|saved|secured|set|confirmed|successful)|(?:booking|reservation|${visit}) (?:just )?went through|successful booking|booking (?:confirmation|complete[d]?|confirmed|successful)`,
    ),
  },
  {
    deed: 'booked',
    pattern: words(
      `see(?:ing)? (?:you|him|her|them)(?: both| all)? (?:on|at|then|there|tomorrow|today|tonight|next|this|${weekday})|(?:you|he|she|they)(?:'ll| will) be seen`,
    ),
    notAfter:
      /(?:\b(?:can|could|would|may|might|should|able to|like to|love to|want to|wants to|prefer to)|'d)(?: \p{L}+)? $/u,
  },
  {
    deed: 'booked',
    pattern:
      /^(?:(?:ok|okay|great|perfect|wonderful|and|all|both|everything|everyone|successfully|now|it's|consider it|it) )*(?:booked|scheduled|confirmed|secured)\b(?! (?:appointments?|visits?|patients|times|online|by|up|solid|out))/u,
  },
  {
    deed: 'any',
    pattern:
      /^(?:(?:ok|okay|great|perfect|wonderful|and|all|(?:it|that|this|everything)(?:'s| is| has been| was| are)|consider it) )*(?:done|taken care of|sorted(?: out)?)\b(?! (?:with|by|in|for|at|before|when|once))/u,
  },
  {
    deed: 'cancelled',
    pattern: beDone(
      'cancell?ed|called off|removed from (?:the|our|your)|taken off (?:the|our|your)|deleted|no longer (?:booked|scheduled|on (?:the|our))',
    ),
  },
  {
    deed: 'cancelled',
    pattern: haveDone(
      `cancell?ed|called off|taken (?:it|that|\\p{L}+) off|deleted|removed (?:the|your|it|that|\\p{L}+'s)`,
    ),
  },
  { deed: 'cancelled', pattern: able('cancel') },
  {
    deed: 'cancelled',
    pattern:
      /^(?:(?:ok|okay|great|and|all|both|now|it's) )*cancell?ed\b(?! (?:appointments?|visits?))|\bcancell?ation (?:is |has been |was |'s )?(?:now )?(?:confirmed|complete[d]?|done|through|went through|successful)\b/u,
  },
  {
    deed: 'moved',
    pattern: beDone(
      `moved(?! to (?:an?|our) (?:new )?(?:office|building|location))|rescheduled|re-?booked|switched|pushed (?:back|to)|changed to`,
    ),
  },
  {
    deed: 'moved',
    pattern: haveDone(
      `moved(?! to (?:an?|our) (?:new )?(?:office|building|location))|rescheduled|re-?booked|switched|pushed|changed (?:the|your|it|that|this|his|her|\\p{L}+'s) ?(?:${visit}|time|day|date|to)?`,
    ),
  },
  { deed: 'moved', pattern: able('move|reschedule|switch|change') },
  {
    deed: 'moved',
    pattern:
      /^(?:(?:ok|okay|great|and|all|both|now) )*(?:moved|rescheduled)\b(?! (?:appointments?|visits?))|\breschedul(?:e|ing) (?:is |was )?(?:complete[d]?|done|confirmed|successful|went through)\b/u,
  },
  {
    deed: 'held',
    pattern: words(
      `(?:i|we)(?:'m|'re| am| are)(?: now| already| also| currently)? (?:holding|keeping|saving|reserving)(?! (?:up|track|an eye))`,
    ),
  },
  {
    deed: 'held',
    pattern: haveDone(
      'held|reserved|set aside|blocked(?: off)?|kept|saved (?:you|your|the|that|this|both|it)|put (?:\\p{L}+ ){1,4}on hold|put (?:a|\\p{L}+) hold|placed (?:a|\\p{L}+) hold',
    ),
  },
  {
    deed: 'held',
    pattern: beDone('held|reserved|on hold|set aside|blocked off|saved for (?:you|him|her|them)'),
  },
  { deed: 'held', pattern: /^(?:(?:ok|okay|great|and|all|both|now) )*reserved\b/u },
  {
    deed: 'handedOff',
    pattern: haveDone(
      `(?:passed|forwarded|sent|handed|escalated|reported) (?:\\p{L}+ ){0,4}(?:to|on|over|along)|(?:let|told|informed|notified|asked|alerted|messaged) (?:the |our |a |my )?(?:\\p{L}+ )?(?:team|colleagues?|staff|office|front desk|manager|someone|doctor|person)|(?:left|created|opened|made) (?:an? |the )?(?:\\p{L}+ )?(?:note|task|message|ticket|request)(?: for)?|transferred (?:you|your|the|this)|connected (?:you|your)`,
    ),
  },
  {
    deed: 'handedOff',
    pattern: words(
      `(?:an?|one of our|our|my|some)(?:one)? ?(?:\\p{L}+ )?(?:colleagues?|team(?: members?)?|staff(?: members?)?|persons?|people|human|coordinators?|manager|someone|somebody|receptionist|office)(?: (?:from|of|on) (?:our|the) (?:team|staff|office|front desk))?(?:'ll| will| is going to| are going to)(?: \\p{L}+)? (?:call|contact|reach|get back|get in touch|follow up|be in touch|text|email|phone|write)|(?:someone|somebody)(?:'ll| will| is going to)(?: \\p{L}+)? (?:call|contact|reach|get back|get in touch|follow up|be in touch)|you(?:'ll| will) (?:get|receive|have) a (?:call|callback|call back)|you(?:'ll| will) hear (?:back )?from`,
    ),
  },
  {
    deed: 'handedOff',
    pattern: words(
      `(?:i|we)(?:'m|'re| am| are)(?: now)? (?:transferring|connecting|handing) (?:you|this|it)`,
    ),
  },
];

const soy =
  '(?:est[aá]n?|queda(?:n|ron|do)?|qued[oó]|ha sido|han sido|fue|fueron|sido)(?: (?:ya|todo|todas?|todos|ahora|usted|ustedes|oficialmente|correctamente))*';
const hice = '(?:he|hemos)(?: (?:ya|ahora|tambi[eé]n))*';
const cita = '(?:citas?|visitas?|consultas?|reservas?|turnos?)';

const spanish: readonly Phrase[] = [
  {
    deed: 'booked',
    stands: true,
    pattern: words(`${soy} (?:reservad|agendad|programad|asegurad|anotad|registrad)[ao]s?`),
  },
  { deed: 'booked', pattern: words(`${soy} confirmad[ao]s?`) },
  { deed: 'waitlisted', pattern: words(`${soy} (?:\\p{L}+ ){0,2}en (?:la|nuestra) lista de espera`) },
  {
    deed: 'waitlisted',
    pattern: words(
      `(?:${hice} (?:anotado|puesto|agregado|apuntado|inscrito|incluido)|(?:anot|agregu|apunt|inscrib|inclu)[éí]|puse)(?: \\p{L}+){0,4} (?:en|a) (?:la|nuestra) lista de espera`,
    ),
  },
  {
    deed: 'noted',
    pattern: words(
      `(?:${hice} (?:anotado|guardado|registrado|agregado|apuntado)|(?:anot|guard|registr|agregu|apunt)é)(?: \\p{L}+){0,4} seguro|(?:su|el) seguro(?: \\p{L}+){0,4} ${soy} (?:anotad|guardad|registrad|agregad)o`,
    ),
  },
  {
    deed: 'booked',
    pattern: words(
      `${hice} (?:reservado|agendado|confirmado|programado|asegurado|anotado|hecho (?:la|su) ${cita})`,
    ),
  },
  { deed: 'booked', pattern: words(`(?:le |les |te |ya |lo |la )?(?:reserv|agend|confirm|program|anot)é`) },
  { deed: 'booked', pattern: words(`${cita} (?:reservad|agendad|confirmad|programad)[ao]s?`), stands: true },
  {
    deed: 'booked',
    pattern:
      /^(?:(?:listo|perfecto|todo|ya|muy bien) )*(?:reservad|agendad|confirmad|programad)[ao]s?(?!\p{L})/u,
  },
  {
    deed: 'booked',
    stands: true,
    pattern: words(
      `(?:ya )?(?:tiene|tienen|tienes) (?:una |su |sus |dos |tres )?(?:\\p{L}+ )?${cita} (?:el|para|a las?|mañana|hoy|con|reservad|agendad)`,
    ),
  },
  {
    deed: 'booked',
    stands: true,
    pattern: words(
      `(?:su|sus|la) (?:nueva |próxima )?${cita}(?: de \\p{L}+)? (?:es|ser[aá]|son|ser[aá]n|est[aá]|qued[oó]) (?:el|para el|a las?|mañana|hoy)`,
    ),
  },
  {
    deed: 'booked',
    pattern: words(
      `(?:l[eoa]s?|te) esperamos (?:el|mañana|hoy|a las?|entonces|all[ií]|aqu[ií])|nos vemos (?:el|mañana|hoy|a las?|entonces)`,
    ),
  },
  {
    deed: 'any',
    pattern:
      /^(?:(?:ok|muy bien|perfecto|ya|todo|est[aá]|queda|qued[oó]) )*(?:listo|lista|hecho|hecha)(?!\p{L})(?! para)|^ya (?:est[aá]|qued[oó])(?= *[.!]*$)/u,
  },
  {
    deed: 'cancelled',
    pattern: words(
      `${soy} (?:cancelad|anulad|eliminad)[ao]s?|${hice} (?:cancelado|anulado|eliminado)|(?:cancel|anul)é|${cita} (?:cancelad|anulad)[ao]s?|ya no (?:tiene|est[aá])|^(?:(?:listo|ya|todo) )*(?:cancelad|anulad)[ao]s?`,
    ),
  },
  {
    deed: 'moved',
    pattern: words(
      `${soy} (?:cambiad|movid|reprogramad|reagendad)[ao]s?|${hice} (?:cambiado|movido|reprogramado|reagendado|pasado su)|(?:cambi|reprogram|reagend)é|moví|${cita} (?:cambiad|reprogramad|reagendad)[ao]s?|^(?:(?:listo|ya|todo) )*(?:cambiad|movid|reprogramad|reagendad)[ao]s?`,
    ),
  },
  {
    deed: 'held',
    pattern: words(
      `${soy} (?:apartad|guardad|reteni)[ad]?[ao]s?|${hice} (?:apartado|guardado|retenido)|(?:apart|guard)é|(?:estoy|estamos) (?:apartando|guardando|reservando|reteniendo)`,
    ),
  },
  {
    deed: 'handedOff',
    pattern: words(
      `${hice} (?:avisado|pasado|informado|dejado|transferido|notificado|comunicado)(?! (?:con|su))|(?:avis|pas|dej|notifiqu|inform)é (?:a |una? |su |la |al |el )?(?:\\p{L}+ ){0,2}(?:equipo|colegas?|compañer[oa]s?|nota|mensaje|personal|recado|tarea)|(?:una?|nuestr[oa]|alguien)(?: \\p{L}+)?(?: de(?:l| nuestro| la)? \\p{L}+)? ?(?:colega|compañer[oa]|persona|miembro|equipo|alguien)?(?: (?:de(?:l)?|nuestro|equipo|personal|la|oficina))* (?:l[eoa]s?|se) (?:llamar[aá]|contactar[aá]|comunicar[aá]|devolver[aá]|escribir[aá]|pondr[aá])|(?:le|lo|la|les) (?:transfiero|comunico|paso) con`,
    ),
  },
];

/** Every way of telling something as done that we know, English and Spanish, for lower-case text. */
export const phrases: readonly Phrase[] = [...english, ...spanish];
