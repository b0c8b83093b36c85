/** "Our insurance is Invented Dental, member X-12": who the insurance is with, up to what else is said of it. */
const insurer =
  /(?:insurance(?: company)?(?: is|'s)|insured (?:with|by|at)|seguro (?:dental )?es(?: de)?|aseguradora es|aseguradora:?)\s+(?:with |de |con )?(?<name>[\p{L}\d][\p{L}\d&' -]{1,40}?)(?=\s*(?:[.,;!?]|$|\b(?:member|policy|id|number|and|con|y|n[uú]mero|miembro|p[oó]liza)\b))/iu;

const member =
  /(?:member|policy|id|miembro|p[oó]liza)(?:\s+(?:number|id|no|is|es|n[uú]mero))*[\s.:#]*(?<number>(?=[\p{L}\d-]*\d)[\p{L}\d-]{3,30})/iu;

const latest = (texts: readonly string[], pattern: RegExp, group: string): string | null =>
  texts.map((text) => pattern.exec(text)?.groups?.[group]).findLast((found) => found !== undefined) ?? null;

export const insurerIn = (texts: readonly string[]): string | null => latest(texts, insurer, 'name');
export const memberNumberIn = (texts: readonly string[]): string | null => latest(texts, member, 'number');

/** The text without the insurer, which is spelt like a person. */
export const withoutInsurer = (text: string): string => text.replace(insurer, ' ');
