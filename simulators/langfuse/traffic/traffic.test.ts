import { beforeAll, describe, expect, it } from 'vitest';
import { ProjectStore } from '../state/project-store.js';
import { samplePractices, type SamplePractice } from './practices.js';
import { seedTraffic } from './traffic.js';

const nowMs = Date.parse('2026-11-26T12:00:00Z');
const stores = new Map<string, ProjectStore>();

function seeded(practice: SamplePractice, atMs: number): ProjectStore {
  const store = new ProjectStore(practice.project.id);
  seedTraffic(store, practice, atMs);
  return store;
}

beforeAll(() => {
  for (const practice of samplePractices) stores.set(practice.project.id, seeded(practice, nowMs));
});

const all = (): readonly ProjectStore[] => [...stores.values()];

describe('three months of traffic', () => {
  it('has some 50,000 observations of both practices', () => {
    const count = all().reduce((sum, store) => sum + [...store.observations()].length, 0);
    expect(count).toBeGreaterThan(47_000);
    expect(count).toBeLessThan(54_000);
  });

  it('shows what statistics are about: models and costs, tools, errors, outcomes, sessionless turns, returning callers', () => {
    for (const store of all()) {
      const rows = [...store.observations()];
      const traces = [...store.traces.values()];
      expect(new Set(rows.map(({ model }) => model)).size).toBeGreaterThan(2);
      expect(rows.some(({ type, level }) => type === 'TOOL' && level === 'ERROR')).toBe(true);
      expect(rows.filter(({ costDetails }) => (costDetails['total'] ?? 0) > 0).length).toBeGreaterThan(
        10_000,
      );
      for (const outcome of [
        'booked',
        'rescheduled',
        'cancelled',
        'transferred',
        'abandoned',
        'information',
        'failed',
      ])
        expect(traces.filter(({ tags }) => tags.includes(`outcome:${outcome}`)).length).toBeGreaterThan(10);
      expect(traces.some(({ sessionId }) => sessionId === null)).toBe(true);
      expect(new Set(traces.map(({ userId }) => userId)).size).toBeLessThan(store.sessions.size);
    }
  });

  it('is the same after a restart, apart from what has come since', () => {
    const [practice] = samplePractices;
    if (!practice) throw new Error('There is no practice.');
    const before = stores.get(practice.project.id);
    const later = seeded(practice, nowMs + 3_600_000);
    const dropped = Date.parse('2026-08-28T00:00:00Z');
    const kept = [...(before?.traces.values() ?? [])].filter(({ timestampMs }) => timestampMs > dropped);
    for (const trace of kept) {
      expect(later.traces.get(trace.id)).toEqual(trace);
      expect(later.observationsOf(trace.id)).toEqual(before?.observationsOf(trace.id));
    }
  });

  it('goes on by the clock', () => {
    const [practice] = samplePractices;
    if (!practice) throw new Error('There is no practice.');
    const store = seeded(practice, nowMs);
    const before = store.traces.size;
    store.settle(nowMs + 24 * 3_600_000);
    expect(store.traces.size).toBeGreaterThan(before);
  });
});
