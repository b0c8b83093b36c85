import { describe, expect, it } from 'vitest';
import { isConsent } from './consent.js';

describe.each([
  'yes', 'Yes!', 'Yeah', 'yep', 'yup, thanks', 'sure', 'Sure thing', 'ok', 'Okay, thank you', 'correct', "That's right", 'right',
  'exactly', 'absolutely', 'perfect', 'Perfect, thank you so much', 'sounds good', 'Sounds good to me', 'looks great', 'that works',
  'That works for us', 'works for me', 'please do', 'Yes please', 'go ahead', 'Go ahead and book it', 'book it', 'Book them both',
  "let's do it", 'Let’s do that', 'I agree', 'confirmed', 'definitely', 'Great', 'yes, no problem', 'no problem, yes', 'no worries, book it', 'Sure, why not',
  'sí', 'Si', 'claro', 'Claro que sí', 'perfecto', 'está bien', 'de acuerdo', 'adelante', 'vale', 'Sí, por favor', 'sin problema, sí', 'Confirmo',
])('"%s"', (text) => {
  it('is a consent', () => expect(isConsent([text])).toBe(true));
});

describe.each([
  '', 'hello', 'no', 'No thanks', 'nope', 'not yet', 'wait', 'yes, wait', 'Yes... no wait, 9:30', 'yes but later', 'ok, but can we do Tuesday',
  'sure?', 'is that right?', 'yes?', 'what time was it', 'How about Tuesday', 'ok what about 9:30', 'maybe', 'I think so, maybe', 'let me check',
  'yes, actually make it 10', 'book a different one', 'another day', 'yes if it is not Monday', "I don't know", 'ok hold on', 'Friday', '9:30',
  "that's not right", 'Perfect would be Friday instead', 'I need to change it', 'right now I am driving', 'thanks', 'my name is Jess',
  'no', 'no, gracias', 'espera', 'sí, pero más tarde', 'mejor el martes', 'otro día', '¿sí?', 'quizás', 'todavía no', 'sí, espere',
])('"%s"', (text) => {
  it('is no consent', () => expect(isConsent([text])).toBe(false));
});

it('lets a later message of the same turn take the yes back', () => {
  expect(isConsent(['Yes, book it', 'no wait, the other one'])).toBe(false);
  expect(isConsent(['Yes', 'please book it'])).toBe(true);
});
