import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginWalk,
  cutSlice,
  largerPage,
  nextV2Limit,
  smallerPage,
  wantedBytes,
  type Slice,
} from './walk.js';

const ranges = fc
  .tuple(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 2, max: 1e9 }))
  .map(([fromMs, lengthMs]): Slice => ({ fromMs, toMs: fromMs + lengthMs }));

describe('a slice that does not fit a page', () => {
  it('is cut into parts that cover each millisecond once', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.integer({ min: 2, max: 100_000 }),
        fc.integer({ min: 1, max: 100 }),
        (slice, total, limit) => {
          const parts = cutSlice(slice, total, limit)!;
          expect(parts.length).toBeGreaterThan(1);
          expect(parts[0]!.fromMs).toBe(slice.fromMs);
          expect(parts.at(-1)!.toMs).toBe(slice.toMs);
          for (const [index, part] of parts.entries()) {
            expect(part.toMs).toBeGreaterThan(part.fromMs);
            if (index > 0) expect(part.fromMs).toBe(parts[index - 1]!.toMs);
          }
        },
      ),
    );
  });

  it('is cut by type and then by level where it is one millisecond, and then by nothing', () => {
    const moment = { fromMs: 5, toMs: 6 };
    const types = cutSlice(moment, 500, 100)!;
    expect(types.map(({ type }) => type)).toContain('GUARDRAIL');
    expect(types).toHaveLength(10);
    const levels = cutSlice(types[0]!, 500, 100)!;
    expect(levels.map(({ type, level }) => `${type} ${level}`)).toEqual([
      'GENERATION DEFAULT',
      'GENERATION DEBUG',
      'GENERATION WARNING',
      'GENERATION ERROR',
    ]);
    expect(cutSlice(levels[0]!, 500, 100)).toBeNull();
  });
});

describe('pages', () => {
  it('of v1 shrink and grow so that the rows behind are always whole pages', () => {
    expect([100, 50, 25, 5, 1].map(smallerPage)).toEqual([50, 25, 5, 1, 1]);
    expect([largerPage(50, 100), largerPage(50, 150), largerPage(1, 75), largerPage(5, 0)]).toEqual([
      100, 50, 5, 25,
    ]);
  });

  it('of v2 grow slowly towards the wanted size, and shrink at once', () => {
    expect(nextV2Limit(200, 200, 200 * 100)).toBe(400);
    expect(nextV2Limit(800, 800, 800 * 100)).toBe(1_000);
    expect(nextV2Limit(1_000, 1_000, wantedBytes * 4)).toBe(250);
    expect(nextV2Limit(10, 1, wantedBytes * 4)).toBe(1);
    expect(nextV2Limit(137, 0, 20)).toBe(137);
  });

  it('of v2 begin as large as those of the walk before, if that was of v2 as well', () => {
    const range = { fromMs: 0, toMs: 1 };
    const grown = { ...beginWalk('v2', range, 1), limit: 1_000 } as const;
    expect(beginWalk('v2', range, 1, grown)).toMatchObject({ pages: 0, limit: 1_000 });
    expect(beginWalk('v2', range, 2, grown).limit).toBe(beginWalk('v2', range, 2).limit);
    expect(beginWalk('v2', range, 1, beginWalk('v1', range, 1))).toEqual(beginWalk('v2', range, 1));
    expect(beginWalk('v1', range, 1, grown)).toEqual(beginWalk('v1', range, 1));
  });

  it('break at other rows in a second walk', () => {
    for (const api of ['v1', 'v2'] as const) {
      const [first, second] = [1, 2].map((attempt) => beginWalk(api, { fromMs: 0, toMs: 1 }, attempt).limit);
      expect(first).not.toBe(second);
    }
  });
});
