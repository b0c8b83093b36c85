import type { Language } from '../../../domain/tenant.js';
import { english } from './texts-en.js';
import { spanish } from './texts-es.js';
import type { Texts } from './texts.js';

const tables = { en: english, es: spanish } as const satisfies Record<Language, Texts>;

export const textsOf = (language: Language): Texts => tables[language];

type Fixed = {
  [K in keyof Texts]: Texts[K] extends string ? K : never;
}[keyof Texts];

/** True when the agent's words hold this sentence, in whichever language it was said. */
export const holds = (said: string, key: Fixed): boolean =>
  Object.values(tables).some((texts) => said.includes(texts[key]));

/** The same for a sentence that names somebody. */
export const asksOf = (said: string, key: 'lastNameOf' | 'birthDateOf', firstName: string): boolean =>
  Object.values(tables).some((texts) => said.includes(texts[key](firstName)));

export const offersTimes = (said: string): boolean =>
  Object.values(tables).some(({ suitsYou }) => suitsYou.test(said));

const spanishWords =
  /(?<!\p{L})(?:hola|buenos|buenas|quiero|necesito|quisiera|cita|citas|hijos?|hijas?|gracias|por favor|cambiar|cancelar|agendar|reservar|adi[oó]s|habla|español|horario)(?!\p{L})|[¿¡]/iu;

/** The language of the conversation, or Spanish from the moment on that the caller speaks it. */
export const languageOf = (begun: Language, texts: readonly string[]): Language =>
  begun === 'es' || texts.some((text) => spanishWords.test(text)) ? 'es' : 'en';
