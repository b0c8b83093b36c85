import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTrace, sameRow, type Versioned } from './merge-rows.js';
import type { TraceRow } from './rows.js';

const row = (change: Partial<Versioned<TraceRow>>): Versioned<TraceRow> => ({
  traceId: 't',
  startedAtMs: 1_000,
  startSource: 'trace',
  name: null,
  sessionId: null,
  userId: null,
  tags: null,
  environment: null,
  release: null,
  version: null,
  serverCreatedAtMs: 1,
  serverUpdatedAtMs: 1,
  api: 'v1',
  ...change,
});

describe('of two versions of a trace', () => {
  it('the newer wins field by field in either order, and what it leaves unset is kept', () => {
    const old = row({ name: 'old', sessionId: 'known' });
    const next = row({ name: 'new', userId: 'caller', serverUpdatedAtMs: 2 });
    const merged = { name: 'new', sessionId: 'known', userId: 'caller', serverUpdatedAtMs: 2 };
    expect(mergeTrace(old, next)).toMatchObject(merged);
    expect(mergeTrace(next, old)).toMatchObject(merged);
  });

  it('the later one wins where both are of one time, and where another API speaks', () => {
    expect(mergeTrace(row({ name: 'a' }), row({ name: 'b' })).name).toBe('b');
    const known = row({ name: 'v1', sessionId: 'known', serverUpdatedAtMs: 9 });
    expect(mergeTrace(known, row({ name: 'v2', api: 'v2' }))).toMatchObject({
      name: 'v2',
      sessionId: 'known',
      api: 'v2',
    });
  });

  it("a trace's own time beats a derived one; of two derived ones the earlier counts", () => {
    const derived = (startedAtMs: number) =>
      row({ startedAtMs, startSource: 'observations', serverUpdatedAtMs: 9 });
    expect(mergeTrace(row({}), derived(500))).toMatchObject({ startedAtMs: 1_000, startSource: 'trace' });
    expect(mergeTrace(derived(500), row({}))).toMatchObject({ startedAtMs: 1_000, startSource: 'trace' });
    expect(mergeTrace(derived(700), derived(500)).startedAtMs).toBe(500);
    expect(mergeTrace(derived(500), derived(700)).startedAtMs).toBe(500);
  });

  it('any order of versions of one API with different times gives the same', () => {
    const text = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
    const versions = fc
      .array(fc.record({ name: text, sessionId: text, userId: text }), { minLength: 1, maxLength: 5 })
      .map((all) => all.map((fields, index) => row({ ...fields, serverUpdatedAtMs: index })));
    fc.assert(
      fc.property(
        versions.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([inOrder, shuffled]) => {
          const [one, other] = [inOrder.reduce(mergeTrace), shuffled.reduce(mergeTrace)];
          expect(other.serverUpdatedAtMs).toBe(one.serverUpdatedAtMs);
          // What the newest version says is kept; what it leaves unset comes from the others.
          for (const key of ['name', 'sessionId', 'userId'] as const) {
            const newest = inOrder.at(-1)![key];
            if (newest !== null) expect([one[key], other[key]]).toEqual([newest, newest]);
            else expect(other[key] === null).toBe(one[key] === null);
          }
        },
      ),
    );
  });
});

it('sees the same in rows that say the same', () => {
  expect(sameRow(row({}), row({}))).toBe(true);
  expect(sameRow(row({}), row({ name: 'x' }))).toBe(false);
});
