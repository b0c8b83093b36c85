import { expect, it } from 'vitest';
import { createMasker, personalWords } from './mask.js';

const tools = [
  { first_name: 'Ana María', last_name: 'Lopez-Ruiz', birth_date: '2014-05-03', second_factor: '78701' },
  { patients: [{ patient: 'P1', first_name: 'May' }], policy_holder: 'Jon Doe', member_id: 'XK-7' },
];
const masked = createMasker('personal', personalWords(tools), 2026);

it.each([
  [
    'the names that a tool was told, in any case',
    'ANA maría and lopez-ruiz',
    '[personal] [personal] and [personal]',
  ],
  ['a possessive', "Ana's visit", "[personal]'s visit"],
  ['what else a tool was told', 'zip 78701, member XK-7', 'zip [personal], member [personal]'],
  ['no part of a longer word', 'Anatomy, maybe', 'Anatomy, maybe'],
  ['a name that somebody introduces', 'My name is Carla Pons Vila and', 'My name is [name] and'],
  ['a Spanish introduction', 'me llamo Óscar', 'me llamo [name]'],
  ['nobody without a name', 'this is about braces', 'this is about braces'],
  ['telephone numbers', 'call (555) 123-4567 or +1 555.123.4567', 'call [number] or [number]'],
  ['e-mail addresses', 'to carla.pons+x@example.co.uk, please', 'to [email], please'],
  ['identifiers', 'id 3F2504E0-4F89-11D3-9A0C-0305E82C3301.', 'id [id].'],
  ['birth dates as numbers', '2014-05-03, 5/3/2014, 03.05.14', '[date], [date], [date]'],
  ['birth dates in words', 'May 4th, 2012 or 4 de marzo de 2012', '[date] or [date]'],
  [
    'no coming visits',
    'on 2026-12-01T09:30 or 12/01/26, January 5, 2027',
    'on 2026-12-01T09:30 or 12/01/26, January 5, 2027',
  ],
  [
    'no references, times or prices',
    'S1 at 9:00 AM, 30 minutes, $1,200',
    'S1 at 9:00 AM, 30 minutes, $1,200',
  ],
])('masks %s', (_, text, result) => {
  expect(masked(text)).toBe(result);
});

it('masks personal fields wherever they stand, and keeps everything else of the data', () => {
  expect(
    masked({
      ok: true,
      data: { patient: 'P1', first_name: 'B', phone: 'unlisted', notes: ['for May', 7, null] },
    }),
  ).toEqual({
    ok: true,
    data: {
      patient: 'P1',
      first_name: '[personal]',
      phone: '[personal]',
      notes: ['for [personal]', 7, null],
    },
  });
});

it('lets nothing out under `all`, and everything under `none`', () => {
  const text = 'Ana, 555 123 4567';
  expect(createMasker('all', personalWords(tools), 2026)(text)).toBeUndefined();
  expect(createMasker('none', personalWords(tools), 2026)(text)).toBe(text);
});

it('takes no pattern from what a caller said', () => {
  const odd = createMasker('personal', personalWords([{ last_name: 'a.c|(' }]), 2026);
  expect(odd('abc a.c|( (')).toBe('abc [personal] (');
});
