import { expect, it } from 'vitest';
import { saysWillCome } from './attendance.js';

// The appointment is on a Tuesday.
const says = (...texts: string[]): boolean => saysWillCome(texts, '2030-03-19T10:00', '2030-03-07');

it.each([
  "Please confirm I'm coming on Tuesday",
  'I want to confirm my appointment.',
  "Can you confirm Ben's appointment on March 19?",
  'We will be there at 10.',
  "Yes, he's coming.",
  'Quiero confirmar mi cita del martes',
  'Confirmo la cita.',
  'Sí, vamos a ir el 19 de marzo.',
])('%j confirms', (text) => expect(says(text)).toBe(true));

it.each([
  'yes',
  'ok',
  'Tuesday',
  'When is my appointment?',
  "Please confirm I'm coming on Thursday",
  'Please confirm my appointment at 9:00 AM',
  "I can't come on Tuesday",
  'We will be there if my boss lets me',
  'Maybe we will be there',
  'I will be there, but can you move it?',
  'Cancel it, we are not coming',
  'No puedo confirmar mi cita',
  'Tal vez iremos',
])('%j does not', (text) => expect(says(text)).toBe(false));

it('counts a doubt in a second message', () => {
  expect(says('Please confirm my appointment', 'no wait')).toBe(false);
});
