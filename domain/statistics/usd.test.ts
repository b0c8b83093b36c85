import { expect, it } from 'vitest';
import { usdPer, usdText } from './usd.js';

it('writes money exactly, beyond what a number holds', () => {
  expect([0n, 500_000_000n, 1_000_000_000_000n, 12_345_000_000_000_001n, -1n].map(usdText)).toEqual([
    '0',
    '0.0005',
    '1',
    '12345.000000000001',
    '-0.000000000001',
  ]);
  expect(usdPer(10n, 3)).toBe('0.000000000003');
  expect(usdPer(10n, 0)).toBeNull();
});
