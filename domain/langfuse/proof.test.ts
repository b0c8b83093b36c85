import { describe, expect, it } from 'vitest';
import { addCounts, judge, noCounts, type Evidence } from './proof.js';

const counts = (received: number, more: Partial<typeof noCounts> = {}) => ({
  ...noCounts,
  received,
  ...more,
});
/** A window of v1 in which everything agrees. */
const agreed: Evidence = {
  traces: counts(10),
  observations: counts(30),
  namedTraces: { first: 10, last: 10 },
  namedObservations: 30,
  metrics: { observations: 30, costPicoUsd: '500000000' },
  storedTraces: 10,
  storedObservations: 30,
  receivedCostPicoUsd: '500000000',
};
const verdict = (change: Partial<Evidence>) => judge({ ...agreed, ...change });

describe('a window is proven', () => {
  it('when totals, rows and cost agree, copies and unreadable rows counted as such', () => {
    expect(verdict({})).toEqual({ verdict: 'proven', reasons: [] });
    const copied = counts(32, { copies: 2 });
    expect(verdict({ observations: copied, metrics: { ...agreed.metrics!, observations: 32 } }).verdict).toBe(
      'proven',
    );
    expect(verdict({ observations: counts(30, { unreadable: 1 }), storedObservations: 29 }).verdict).toBe(
      'proven',
    );
  });

  it('on v2, where only metrics tell a number', () => {
    const v2 = { traces: noCounts, namedTraces: null, namedObservations: null, storedTraces: 0 };
    expect(verdict(v2).verdict).toBe('proven');
    expect(verdict({ ...v2, metrics: null }).verdict).toBe('unproven');
  });

  it('when cost differs by what the server cuts off, and no more', () => {
    const cost = (pico: number) => verdict({ receivedCostPicoUsd: String(500_000_000 + pico) }).verdict;
    expect([cost(1_030), cost(-1_030)]).toEqual(['proven', 'proven']);
    expect([cost(1_031), cost(-1_031)]).toEqual(['mismatch', 'mismatch']);
  });

  it('also without metrics, by the totals of the lists', () => {
    expect(verdict({ metrics: null }).verdict).toBe('proven');
  });
});

describe('a window does not match', () => {
  it.each<[string, Partial<Evidence>]>([
    ['a trace was not met', { traces: counts(9), storedTraces: 9 }],
    ['the list grew while it was read', { namedTraces: { first: 10, last: 11 } }],
    ['an observation was not met', { observations: counts(29), storedObservations: 29 }],
    ['a copy took the place of a row', { observations: counts(30, { copies: 1 }), storedObservations: 29 }],
    ['what was met is not in the store', { storedObservations: 29 }],
    ['metrics count more', { metrics: { observations: 31, costPicoUsd: '500000000' } }],
    ['nothing came and the lists name some', { traces: noCounts, storedTraces: 0 }],
  ])('when %s; the reason names both numbers', (_, change) => {
    const { verdict: said, reasons } = verdict(change);
    expect(said).toBe('mismatch');
    expect(reasons.join()).toMatch(/the server says \d+, we have \d+|in the store/);
  });
});

const empty = {
  traces: noCounts,
  observations: noCounts,
  storedTraces: 0,
  storedObservations: 0,
  receivedCostPicoUsd: '0',
};

it('suspects nothing at all where metrics count rows, and cannot prove it without metrics', () => {
  const none = { ...empty, namedTraces: { first: 0, last: 0 }, namedObservations: 0 };
  expect(verdict(none).verdict).toBe('suspectEmpty');
  expect(verdict({ ...none, metrics: { observations: 0, costPicoUsd: '0' } }).verdict).toBe('proven');
  expect(verdict({ ...none, metrics: null }).verdict).toBe('unproven');
});

it('adds up the pages of a walk', () => {
  expect(addCounts(counts(3, { copies: 1, added: 2 }), counts(4, { synthetic: 1 }))).toEqual(
    counts(7, { copies: 1, added: 2, synthetic: 1 }),
  );
});
