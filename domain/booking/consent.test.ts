import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConsent } from './consent.js';

describe.each([
  'yes',
  'Yes!',
  'Yeah',
  'yep',
  'yup, thanks',
  'sure',
  'Sure thing',
  'ok',
  'Okay, thank you',
  'correct',
  "That's right",
  'right',
  'exactly',
  'absolutely',
  'perfect',
  'Perfect, thank you so much',
  'sounds good',
  'Sounds good to me',
  'looks great',
  'that works',
  'That works for us',
  'works for me',
  'please do',
  'Yes please',
  'go ahead',
  'Go ahead and book it',
  'book it',
  'Book them both',
  "let's do it",
  'Let’s do that',
  'I agree',
  'confirmed',
  'definitely',
  'Great',
  'yes, no problem',
  'no problem, yes',
  'no worries, book it',
  'Sure, why not',
  'sí',
  'Si',
  'claro',
  'Claro que sí',
  'perfecto',
  'está bien',
  'de acuerdo',
  'adelante',
  'vale',
  'Sí, por favor',
  'sin problema, sí',
  'Confirmo',
  'of course',
  'Alright',
  "I'm good with that",
  "That's fine",
  "We'll take it",
  'uh-huh',
  'mm-hmm',
  '👍',
  'yes that would be great',
  'yes we can make it',
  'Yes, Ben and Cara, both please',
  'Yes could you book that',
  'ok tuesday at 9 then',
  'Yes please if you can',
  "Yes, I don't mind",
  "can't wait, yes",
  'no changes, yes please',
  "don't worry, yes",
  'yes, see you later',
  'perfect thank you so much',
  'Okay great, thanks',
  'that time works for us',
  'me parece bien',
  'Sí, señorita, muchas gracias',
  'Claro, por favor',
  'Bueno',
  'resérvelo',
  'Agéndela por favor',
  'Así es',
  'hágalo',
  'Me sirve',
  'si por favor',
  'Sí, ¡adelante!',
  'no hay problema, sí',
])('"%s"', (text) => {
  it('is a consent', () => expect(isConsent([text])).toBe(true));
});

describe.each([
  '',
  'hello',
  'no',
  'No thanks',
  'nope',
  'not yet',
  'wait',
  'yes, wait',
  'Yes... no wait, 9:30',
  'yes but later',
  'ok, but can we do Tuesday',
  'sure?',
  'is that right?',
  'yes?',
  'what time was it',
  'How about Tuesday',
  'ok what about 9:30',
  'maybe',
  'I think so, maybe',
  'let me check',
  'yes, actually make it 10',
  'book a different one',
  'another day',
  'yes if it is not Monday',
  "I don't know",
  'ok hold on',
  'Friday',
  '9:30',
  "that's not right",
  'Perfect would be Friday instead',
  'I need to change it',
  'right now I am driving',
  'thanks',
  'my name is Jess',
  'no',
  'no, gracias',
  'espera',
  'sí, pero más tarde',
  'mejor el martes',
  'otro día',
  '¿sí?',
  'quizás',
  'todavía no',
  'sí, espere',
  // Speech without punctuation.
  'is that correct',
  'is that right',
  'are you sure',
  'does that work',
  'ok so what is the address',
  'ok and how long does it take',
  'yes when is that',
  'do you have anything perfect for siblings',
  // Words of agreement that agree to nothing.
  'right so my son has school that day',
  'ok my number is 555 0101',
  'sure is cold today',
  'correct me when I am wrong',
  'Perfect would be Friday',
  'great my daughter is here too',
  'I need to confirm with my husband',
  'yes I have to ask my wife',
  "I'll let you know",
  'yeah right',
  'yeah I guess',
  'I think so',
  'yes probably',
  'yes if she is feeling well',
  'yes as long as it is before noon',
  'yes only Ben',
  'yes I have a question',
  'yeah I work until 5 that day',
  'yes my son has to be at school',
  'ok hold it for me',
  'hmm',
  'hmm ok',
  'why not',
  'no problem',
  'no worries',
  'please repeat that',
  'let me see',
  'yes, never mind',
  'good morning',
  'dont book it',
  'do not book it',
  'yes earlier is better',
  'we already have one',
  // Spanish.
  'ya tengo cita',
  'si tiene a las nueve',
  'si quiere',
  'bueno es que trabajo ese día',
  'bueno, déjame ver',
  'tengo una reserva',
  'sí, solo Ben',
  'creo que sí',
  'sí, tengo una pregunta',
  'sí, a qué hora',
  'no está claro',
  'un momento, sí',
  'sí, prefiero la tarde',
])('"%s"', (text) => {
  it('is no consent', () => expect(isConsent([text])).toBe(false));
});

it('lets a later message of the same turn take the yes back', () => {
  expect(isConsent(['Yes, book it', 'no wait, the other one'])).toBe(false);
  expect(isConsent(['Yes', 'please book it'])).toBe(true);
});

describe('held against what was read back', () => {
  const asked = {
    action: 'book',
    times: ['2030-03-05T09:00', '2030-03-05T14:20'],
    today: '2030-03-04',
  } as const;

  it.each([
    'Yes',
    'Yes, Tuesday at 9',
    'yes, 9:00 am and 2:20 pm',
    'Yes, tomorrow works',
    'ok, March 5 it is, yes',
    'Sí, el martes a las nueve',
    'Yes, the 5th',
    'Yes, both. His birth date is May 6, 2014.',
  ])('"%s" agrees', (text) => expect(isConsent([text], asked)).toBe(true));

  it.each([
    'Yes, 9:30',
    'yes at ten.',
    'Yes, Wednesday',
    'Yes, March 6',
    'Yes, today please',
    'yes, 9 pm',
    'Sí, el miércoles a las 9',
    'Yes, the 12th',
    'yes, cancel it',
  ])('"%s" does not', (text) => expect(isConsent([text], asked)).toBe(false));

  it('knows "cancel it" and "move it" as the answer to that very question', () => {
    const cancel = { ...asked, action: 'cancel' } as const;
    const move = { ...asked, action: 'move' } as const;
    for (const text of [
      'Yes, cancel it',
      'Please cancel it',
      'cancel that please',
      'Sí, cancele la cita',
      'yes',
    ]) {
      expect([text, isConsent([text], cancel)]).toEqual([text, true]);
    }
    for (const text of [
      "No, don't cancel it",
      'keep it',
      'yes, keep it',
      'book it',
      'cancel it tomorrow? no',
    ]) {
      expect([text, isConsent([text], cancel)]).toEqual([text, false]);
    }
    for (const text of ['Yes, move it', 'yes change it please', 'Sí, cámbiela', 'yes']) {
      expect([text, isConsent([text], move)]).toEqual([text, true]);
    }
    for (const text of ['Yes, but change the time', 'yes, cancel it', 'leave it', 'Yes, move it to Friday']) {
      expect([text, isConsent([text], move)]).toEqual([text, false]);
    }
  });
});

it('is never given by words that take it back, wherever they stand', () => {
  const yes = fc.constantFrom('Yes', 'ok', 'Sounds good', 'go ahead', 'book it', 'sí', 'perfecto');
  const back = fc.constantFrom(
    'no',
    'wait',
    'hold on',
    'actually',
    'not yet',
    'what about Friday',
    'espera',
    'mejor no',
    'is it far?',
  );
  const joint = fc.constantFrom(' ', ', ', '. ', '\n', '... ', ' and ');
  fc.assert(
    fc.property(yes, back, joint, fc.boolean(), fc.boolean(), (agree, refuse, glue, first, apart) => {
      const parts = first ? [agree, refuse] : [refuse, agree];
      expect(isConsent(apart ? parts : [parts.join(glue)])).toBe(false);
    }),
  );
});

it('never throws and is never given by silence', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => typeof isConsent(texts) === 'boolean'),
  );
  expect(isConsent([])).toBe(false);
});
