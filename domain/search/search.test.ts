import { expect, it } from 'vitest';
import { searchTermsOf } from './search-terms.js';
import { snippetOf } from './snippet.js';
import { spokenText } from './spoken-text.js';
import { wordsOf } from './words.js';

const words = (text: string) => [...wordsOf(text)].map(({ word }) => word);

it('takes no notice of case and accents, composed or not', () => {
  expect(words('¿Mañana a las 3:30, señor PÉREZ?')).toEqual([
    'manana',
    'a',
    'las',
    '3',
    '30',
    'senor',
    'perez',
  ]);
  expect(words('man\u0303ana')).toEqual(['manana']);
  expect(words(`find_slots ${'x'.repeat(65)} —`)).toEqual(['find', 'slots']);
});

it('understands words, phrases and beginnings, and no text is wrong', () => {
  expect(searchTermsOf('braces "next Tuesday" appoint* braces')).toEqual([
    { words: ['braces'], prefix: false },
    { words: ['next', 'tuesday'], prefix: false },
    { words: ['appoint'], prefix: true },
  ]);
  expect(searchTermsOf('3:30')).toEqual([{ words: ['3', '30'], prefix: false }]);
  expect(searchTermsOf('"not closed')).toEqual([{ words: ['not', 'closed'], prefix: false }]);
  for (const text of ['" * ( NEAR', 'a AND OR NOT', "'; drop table", '^a + -b {c}: d', '\\ & | ! <-> :*'])
    for (const { words: some } of searchTermsOf(text)) expect(some.join('')).toMatch(/^[a-z]+$/);
  expect(searchTermsOf('*** "" — ?')).toEqual([]);
});

it('reads what was said out of texts and messages, and leaves instructions out', () => {
  expect(spokenText('Hello, Ana')).toBe('Hello, Ana');
  expect(spokenText('{"text":"Hello"}')).toBe('Hello');
  expect(spokenText('{ not JSON')).toBe('{ not JSON');
  expect(
    spokenText(
      JSON.stringify([
        { role: 'system', content: 'Be polite.' },
        { role: 'user', content: [{ type: 'text', text: 'Braces?' }] },
      ]),
    ),
  ).toBe('Braces?');
  expect(spokenText(null)).toBe('');
  expect(spokenText(`${'['.repeat(50_000)}"deep"${']'.repeat(50_000)}`)).toBe('');
});

it('shows the first hit with the words around it, and marks all hits that it shows', () => {
  const said = `${'so '.repeat(20)}Mañana vendrá María; mañana no.${' then'.repeat(40)}`;
  const snippet = snippetOf(said, searchTermsOf('MANANA "vendra maria"'));
  const { text = '', marks = [] } = snippet ?? {};
  expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(['Mañana', 'vendrá María', 'mañana']);
  expect(text).toMatch(/^… so .* then …$/);
  expect(snippetOf('Tuesday', searchTermsOf('tues*'))).toEqual({ text: 'Tuesday', marks: [[0, 7]] });
  expect(snippetOf('Tuesday', searchTermsOf('tues'))).toBeNull();
});
