/** Words of callers that are answered by a fixed script before any model sees them (claude.md 6, "Medical"). */
export type Script = { readonly kind: 'emergency' | 'abuse'; readonly language: 'en' | 'es' };

const word = (alternatives: string): RegExp => new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, 'iu');

/** Trauma, swelling, trouble breathing, bleeding. Broken wires and brackets are no emergency and stay with the agent. */
const emergencies = {
  en: word(
    "swell(?:ing|s)?|swollen|bleed(?:ing|s)?|bled|(?:can'?t|cannot|can not|trouble|difficulty|hard to|struggling to|not) breath(?:e|ing)|chok(?:ing|ed)|unconscious|passed out|(?:knocked|fell|came|broke)(?: \\p{L}+){0,4} (?:tooth|teeth)(?: out)?|(?:tooth|teeth)(?: \\p{L}+){0,3} (?:knocked out|fell out|came out)|(?:hit|fell on|fell onto|injured|hurt|broke)(?: \\p{L}+){0,2} (?:face|mouth|jaw|head)|swallowed(?: \\p{L}+){0,3} (?:bracket|wire|band|retainer|tooth)|(?:car|bike|bicycle) accident|facial trauma|allergic reaction|anaphyla\\p{L}+",
  ),
  es: word(
    'hinchad[oa]s?|hinchaz[oó]n|se (?:me |le )?hinch[oó]|inflamad[oa]s?|sangr(?:a|ando|ado|e|amiento)|(?:no|dificultad para|problemas para|cuesta) (?:puede |puedo )?respirar|se (?:est[aá] )?(?:ahoga|ahogando|asfixia\\p{L}*)|inconsciente|se desmay[oó]|se (?:le |me )?(?:cay[oó]|rompi[oó]|sali[oó])(?: \\p{L}+){0,2} dientes?|(?:golpe|golpe[oó]|cay[oó])(?: \\p{L}+){0,4} (?:cara|boca|mand[ií]bula|cabeza)|se trag[oó](?: \\p{L}+){0,3} (?:bracket|alambre|banda|diente)|reacci[oó]n al[eé]rgica|accidente de (?:auto|coche|carro|bicicleta)',
  ),
} as const;

/** "No swelling, no bleeding" reassures. */
const denied =
  /(?<!\p{L})(?:no|not|without|isn'?t|any|sin|ni|nada de|no (?:hay|tiene|est[aá]))\s+(?:(?:more|any|visible|real|hay|mucha?)\s+)?(?:(?:swelling|swollen|bleeding|hinchaz[oó]n|hinchad[oa]|sangr\p{L}+)(?:,?\s+(?:or|nor|and|ni|o|y)\s+)?)+/giu;

const insults = {
  en: word(
    "fuck(?:ing|er|ers)?(?: you| off)?|asshole|bitch|bastard|motherfucker|piece of shit|go to hell|(?:i will|i'll|i'm going to|gonna) (?:kill|hurt|shoot|beat) (?:you|them|all of you)|shut the hell up",
  ),
  es: word(
    'hij[oa]s? de puta|puta(?: madre)?|pendej[oa]s?|cabr[oó]n(?:es)?|vete a la mierda|ching(?:a|ue)(?: tu| a tu|te)[^.]*|(?:te|los|las) voy a (?:matar|pegar|golpear)|imb[eé]cil(?:es)?|malparid[oa]',
  ),
} as const;

const languages = ['en', 'es'] as const;

/** The script that a caller's words ask for; an emergency goes before everything else. Null for all other words. */
export function scriptFor(texts: readonly string[]): Script | null {
  const said = texts.join('\n').normalize('NFC').replaceAll('’', "'");
  const urgent = said.replace(denied, ' ');
  const emergency = languages.find((language) => emergencies[language].test(urgent));
  if (emergency) return { kind: 'emergency', language: emergency };
  const abuse = languages.find((language) => insults[language].test(said));
  return abuse ? { kind: 'abuse', language: abuse } : null;
}
