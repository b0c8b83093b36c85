import { expect, it } from 'vitest';
import { csvOf } from './csv.js';

it('quotes what needs it and disarms formulas, but not numbers', () => {
  const rows = [
    { key: 'a "quoted", name', errors: -1, costUsd: '-0.5', rate: null },
    { key: '=HYPERLINK("x")', errors: 2, costUsd: '0.0005', rate: 0.5 },
  ];
  expect(csvOf(Object.keys(rows[0] ?? {}), rows)).toBe(
    'key,errors,costUsd,rate\r\n"a ""quoted"", name",-1,-0.5,\r\n"\'=HYPERLINK(""x"")",2,0.0005,0.5\r\n',
  );
});
