/** What a caller may want done. */
export type Business = 'book' | 'reschedule' | 'cancel' | 'list';

const person = "(?:\\p{L}+(?:'s)?)";
const visit = '(?:appointments?|visits?|times?|bookings?)';
const clear: readonly (readonly [Business, RegExp])[] = [
  [
    'reschedule',
    new RegExp(
      `\\breschedul\\p{L}*|\\b(?:move|change|switch|push|postpone)\\b(?: ${person}){0,4} ${visit}\\b|\\bpostpone\\b|\\b(?:new|another|different) time for\\b`,
      'iu',
    ),
  ],
  ['cancel', /\bcancel\b|\bcall off\b/i],
  [
    'list',
    /\bwhen (?:is|are|do) (?:my|our|the|his|her|we|i)\b|\b(?:which|what|my upcoming|upcoming|see my|see our) appointments?\b|\bdo (?:i|we) have an appointment\b|\bwhen are we\b/i,
  ],
  [
    'book',
    /\b(?:book|make|schedule|get|need|want|like|set up|new|another)\b(?: \w+){0,3} (?:appointments?|visits?|exams?|consult\w*|check-?ups?|adjustments?|slots?|times?)\b|\bnew patients?\b|\bcome in\b|\bbook\b(?! (?:it|that|them|this)\b)/i,
  ],
];
const vague: readonly (readonly [Business, RegExp])[] = [
  ['reschedule', /\bmove\b|\bchange\b/i],
  [
    'book',
    /\b(?:appointment|appointments|exam|consult\w*|braces|checkup|check-up|visit|adjustment|schedule)\b/i,
  ],
];

const found = (table: readonly (readonly [Business, RegExp])[], text: string): Business | null =>
  table.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** The business of some texts: the last that was clearly named, else the first that was hinted at. */
export const businessOf = (texts: readonly string[]): Business | null =>
  texts.map((text) => found(clear, text)).findLast((one) => one !== null) ??
  texts.map((text) => found(vague, text)).find((one) => one !== null) ??
  null;

const patterns = {
  human:
    /\b(?:speak|talk|connect|transfer|chat|put me)\b(?: \w+){0,3} (?:to|with|through)\b|\b(?:real|actual|live) (?:person|human)\b|\b(?:human|representative|operator)\b|\bcall me back\b/i,
  emergency:
    /\b(?:swelling|swollen|bleeding|can't breathe|trouble breathing|accident|severe pain|in a lot of pain|emergency)\b/i,
  price: /\b(?:how much|cost|costs|price|prices|insurance|payment plan|billing|bill|pay)\b/i,
  bye: /\b(?:bye|goodbye|that's all|thats all|that is all|nothing else|that's it|have a (?:good|nice|great))\b/i,
  thanks: /\b(?:thanks|thank you|thx|cheers)\b/i,
  changedMind:
    /\b(?:never ?mind|forget (?:it|that)|changed? my mind|cancel (?:that|it|this)|don't book|do not book|scratch that)\b/i,
  no: /^\s*(?:no|nope|nah|not really|neither|none)\b/i,
  yes: /^\s*(?:yes|yeah|yep|yup|sure|ok|okay|please|please do|correct|right|it is|it would be)\b/i,
  other:
    /\b(?:another|other|different|else|later|sooner|earlier|none of|neither|doesn't work|don't work|won't work|can't do|not good|too early|too late)\b/i,
  isNew:
    /\b(?:new patients?|new (?:here|to (?:you|the practice))|first (?:visit|time|appointment)|never been|(?:we're|we are|he's|she's|they're|i'm|i am) new|all new|both new)\b/i,
  isKnown:
    /\b(?:existing|current|returning|already (?:a |your )?patients?|already (?:come|go|been)|patients? (?:here|already|of yours)|been (?:there|here|to you)|adjustments?|on file|has braces with you)\b/i,
} as const;

export const says = (kind: keyof typeof patterns, text: string): boolean => patterns[kind].test(text);
