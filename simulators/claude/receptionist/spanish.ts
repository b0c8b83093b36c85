import type { Desk } from './desk.js';
import { call, say, type Move } from './moves.js';

const spanishWords =
  /(?<!\p{L})(?:hola|buenos|buenas|quiero|necesito|quisiera|cita|citas|hijos?|hijas?|gracias|por favor|cambiar|cancelar|agendar|reservar|adi[oó]s|habla|español)(?!\p{L})|[¿¡]/iu;
const offer = '¿Quiere que le pida a un colega que le ayude en español?';

/**
 * The rules are English. A Spanish caller hears so in Spanish and is offered a person, which is better than English or a guess; null when
 * the conversation is English.
 */
export function spanishMove({ last, said, fresh, practice, texts }: Desk): Move | null {
  const isSpanish = practice.language === 'es' || texts.some((text) => spanishWords.test(text));
  if (!isSpanish) return null;
  if (last?.kind === 'tool') {
    if (last.name !== 'transfer_to_human' || !last.ok) return say('Gracias, que tenga un buen día.');
    return say('Le dejé una nota a nuestro equipo. Un colega se comunicará con usted.', [
      { kind: 'handed_off', ref: String(last.data['task']) },
    ]);
  }
  if (/^\s*(?:no|adi[oó]s|gracias)(?!\p{L})/iu.test(fresh))
    return call('end_conversation', { outcome: 'information' });
  const agrees =
    said.includes(offer) && /(?<!\p{L})(?:s[ií]|claro|ok|bueno|por favor)(?!\p{L})/iu.test(fresh);
  if (agrees || /(?<!\p{L})(?:persona|colega|alguien|humano)(?!\p{L})/iu.test(fresh))
    return call('transfer_to_human', {
      reason: 'asked for a person',
      summary: 'The caller speaks Spanish and asks for a person.',
    });
  return say(`Gracias por escribir a ${practice.name}. Este simulador solo entiende inglés. ${offer}`);
}
