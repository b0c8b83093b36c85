import { words } from './words.js';

/** What a caller may want done. */
export type Business = 'book' | 'reschedule' | 'cancel' | 'list' | 'confirm' | 'waitlist' | 'insurance';

const person = "(?:\\p{L}+(?:'s)?)";
const visit = '(?:appointments?|visits?|times?|bookings?)';
const cita = '(?:citas?|visitas?|consultas?|horas?|turnos?)';
const clear: readonly (readonly [Business, RegExp])[] = [
  ['waitlist', words('wait(?:ing)?[- ]?list', 'lista de espera')],
  [
    'confirm',
    words(
      `confirm(?:ing)? (?:that )?(?:my|our|his|her|their|the|${person}'s) (?:${person} ){0,2}${visit}|confirm(?: that)? (?:i|we|he|she|they)(?:'m|'re|'s| am| are| is|'ll| will)? ?(?:\\p{L}+ )?(?:coming|come|there|attending)|(?:i|we)(?:'ll| will) be there`,
      `confirmar (?:\\p{L}+ ){0,3}${cita}|confirm[eo] (?:\\p{L}+ ){0,3}${cita}|confirmar que (?:\\p{L}+ ){0,2}(?:vamos|voy|va|iremos|ir[eé]|ir[aá])`,
    ),
  ],
  [
    'reschedule',
    words(
      `reschedul\\p{L}*|(?:move|change|switch|push|postpone)(?: ${person}){0,4} ${visit}|postpone`,
      `reprogram\\p{L}*|reagend\\p{L}*|posponer|pospon\\p{L}+|(?:cambi[aeo]r?|mover|mueva|pasar)(?: \\p{L}+){0,4} ${cita}`,
    ),
  ],
  ['cancel', words('cancel|call off', 'cancel[ae]r?(?:l[ao]s?)?|anul[ae]r?(?:l[ao]s?)?')],
  [
    'list',
    words(
      'when (?:is|are|do) (?:my|our|the|his|her|we|i)|(?:which|what|my upcoming|upcoming|see my|see our) appointments?|do (?:i|we) have an appointment|when are we',
      `cu[aá]ndo (?:es|son|tengo|tenemos|tiene|toca)(?! abiert)|qu[eé] ${cita}|(?:ver )?mis ${cita}|tengo (?:alguna |una )?cita`,
    ),
  ],
  [
    'book',
    words(
      '(?:book|make|schedule|get|need|want|like|set up|new|another)(?: \\p{L}+){0,3} (?:appointments?|visits?|exams?|consult\\p{L}*|check-?ups?|adjustments?|slots?|times?)|new patients?|come in|book(?! (?:it|that|them|this)(?!\\p{L}))',
      `(?:hacer|sacar|pedir|necesit\\p{L}+|quier\\p{L}+|quisiera|otra|nueva|agendar|reservar|una)(?: \\p{L}+){0,3} ${cita}|agendar|reservar`,
    ),
  ],
  [
    'insurance',
    words(
      "insurance (?:is|company)|insured (?:with|by|at)|insurance's",
      '(?:el |nuestro |mi )?seguro (?:dental )?es|aseguradora es|aseguradora',
    ),
  ],
];
const vague: readonly (readonly [Business, RegExp])[] = [
  ['reschedule', words('move|change', 'mover|cambiar|cambio')],
  [
    'book',
    words(
      'appointment|appointments|exam|consult\\p{L}*|braces|checkup|check-up|visit|adjustment|schedule',
      'cita|citas|consulta|frenos|brackets|ortodoncia|revisi[oó]n|ajuste|visita',
    ),
  ],
];

const found = (table: readonly (readonly [Business, RegExp])[], text: string): Business | null =>
  table.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** "Another time for Mia": a move where Mia has a visit, another choice where she is being offered one. */
const anotherTime = words('(?:new|another|different) time for', 'otra hora para|otro horario para');

/** The business of some texts: the last that was clearly named, else the first that was hinted at. `offered`: times are on the table. */
export const businessOf = (texts: readonly string[], offered = false): Business | null =>
  texts
    .map((text) => (anotherTime.test(text) ? (offered ? null : 'reschedule') : found(clear, text)))
    .findLast((one) => one !== null) ??
  texts.map((text) => found(vague, text)).find((one) => one !== null) ??
  null;

const patterns = {
  human: words(
    '(?:speak|talk|connect|transfer|chat|put me)(?: \\p{L}+){0,3} (?:to|with|through)|(?:real|actual|live) (?:person|human)|human|representative|operator|call me back',
    '(?:hablar|comunicar\\p{L}*|pas[ae]r?me)(?: \\p{L}+){0,2} con|una persona|un colega|alguien|humano|que me llamen',
  ),
  emergency: words(
    "swelling|swollen|bleeding|can't breathe|trouble breathing|accident|severe pain|in a lot of pain|emergency",
    'hinchad[oa]|hinchaz[oó]n|sangr\\p{L}+|no puede respirar|accidente|mucho dolor|emergencia|urgencia',
  ),
  price: words(
    'how much|cost|costs|price|prices|covered|cover|payment plan|billing|bill|pay',
    'cu[aá]nto (?:cuesta|vale|es)|precios?|cubre|pagar|costo',
  ),
  bye: words(
    "bye|goodbye|that's all|thats all|that is all|nothing else|that's it|have a (?:good|nice|great) \\p{L}+",
    'adi[oó]s|hasta luego|es todo|eso es todo|nada m[aá]s',
  ),
  thanks: words('thanks|thank you|thx|cheers', 'gracias'),
  changedMind: words(
    "never ?mind|forget (?:it|that)|changed? my mind|cancel (?:that|it|this)|don't book|do not book|scratch that",
    'olv[ií]de(?:lo|se)|mejor no|ya no quiero|cambi[eé] de opini[oó]n|no lo reserve',
  ),
  no: /^\s*(?:no|nope|nah|not really|neither|none|ninguno|ninguna)(?!\p{L})/iu,
  yes: /^\s*(?:yes|yeah|yep|yup|sure|ok|okay|please|please do|correct|right|it is|it would be|s[ií]|claro|por favor|bueno|as[ií] es|correcto)(?!\p{L})/iu,
  other: words(
    "another|other|different|else|later|sooner|earlier|none of|neither|doesn't work|don't work|won't work|can't do|not good|too early|too late",
    'otr[oa]s?|m[aá]s tarde|m[aá]s temprano|antes|ningun[oa]|no me (?:sirve|conviene|queda)|no puedo|tampoco',
  ),
  sooner: words('sooner|earlier|too late', 'antes|m[aá]s pronto|demasiado tarde'),
  all: words('both|all', 'ambas|ambos|las dos|los dos|todas|todos'),
  anyOffice: words(
    "either|any|whichever|doesn't matter|don't care|closest",
    'cualquiera|cualquier|me da igual|la que sea|la m[aá]s cercana',
  ),
  exam: words('exam', 'examen|primera (?:visita|cita|consulta)'),
  isNew: words(
    "new patients?|new (?:here|to (?:you|the practice))|first (?:visit|time|appointment)|never been|(?:we're|we are|he's|she's|they're|i'm|i am) new|all new|both new",
    '(?:paciente |pacientes )?nuev[oa]s?(?: aqu[ií])?|primera (?:vez|visita|cita|consulta)|nunca (?:hemos|ha|han|he) (?:ido|estado|venido)',
  ),
  isKnown: words(
    '(?:existing|current|returning|already (?:a |your )?patients?|already (?:come|go|been)|patients? (?:here|already|of yours)|been (?:there|here|to you)|adjustments?|on file|has braces with you)',
    'ya (?:es|son|somos|soy) pacientes?|(?:es|son|somos|soy) pacientes? (?:suy[oa]s?|de ustedes|de ah[ií])|ya (?:ha|hemos|han|he) (?:ido|estado|venido)|ajuste',
  ),
} as const;

export const says = (kind: keyof typeof patterns, text: string): boolean => patterns[kind].test(text);
