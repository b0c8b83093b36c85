import fc from 'fast-check';
import { expect, it } from 'vitest';
import { percentile, percentileOfCounts, roundedMs } from './percentile.js';

it('interpolates between the nearest ranks, as Langfuse does', () => {
  expect(percentile([4, 1, 3, 2], 50)).toBe(2.5);
  expect(percentile([1, 2, 3, 4], 95)).toBeCloseTo(3.85, 12);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNull();
});

it('gives the same from values and from their counts', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 100 }), (all, p) => {
      const counts = new Map<number, number>();
      for (const value of all) counts.set(value, (counts.get(value) ?? 0) + 1);
      const counted = [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => a.value - b.value);
      expect(percentileOfCounts(counted, p)).toBe(percentile(all, p));
    }),
  );
});

it('rounds durations by half a percent at most, and short ones not at all', () => {
  expect([0, 1, 999, 1_004, 1_006, 123_456].map(roundedMs)).toEqual([0, 1, 999, 1_000, 1_010, 123_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (ms) => {
      expect(Math.abs(roundedMs(ms) - ms) / ms).toBeLessThanOrEqual(0.005);
    }),
  );
});
