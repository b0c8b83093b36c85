import { expect, it } from 'vitest';
import { scriptFor } from './scripted-answers.js';

it.each([
  ['My son fell and knocked out a tooth', 'en'],
  ['her face is swollen', 'en'],
  ['there is a lot of swelling and it hurts', 'en'],
  ["he can't breathe well", 'en'],
  ['it will not stop bleeding', 'en'],
  ['She swallowed a bracket', 'en'],
  ['he hit his mouth on the pavement', 'en'],
  ['tiene la cara hinchada', 'es'],
  ['No puede respirar', 'es'],
  ['está sangrando mucho', 'es'],
  ['se le cayó un diente en el recreo', 'es'],
  ['se golpeó la boca', 'es'],
])('"%s" is an emergency', (text, language) => {
  expect(scriptFor([text])).toEqual({ kind: 'emergency', language });
});

it.each([
  'A bracket broke, can we come in?',
  'The wire is poking her cheek',
  'no swelling, no bleeding, just a loose band',
  'There is not any bleeding',
  'sin sangrado ni hinchazón',
  'I would like an exam on Friday',
  'We can breathe again, thanks for the slot!',
  'se rompió un bracket',
  'tengo una cita el martes',
])('"%s" is none', (text) => expect(scriptFor([text])).toBeNull());

it.each([
  ['you fucking idiots', 'en'],
  ["I'll kill you", 'en'],
  ['son unos pendejos', 'es'],
])('"%s" is abuse', (text, language) => expect(scriptFor([text])).toEqual({ kind: 'abuse', language }));

it('answers the emergency before the insult', () => {
  expect(scriptFor(['damn, fuck, she is bleeding'])?.kind).toBe('emergency');
});
