import { describe, expect, it } from 'vitest';
import { afterWindow, beginSweep, narrowed, nextWindow, windowsLeft, type Lane } from './lanes.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const nowMs = 1_000 * day;
const rules = { nowMs, settleMs: 20 * minute, overlapMs: hour, firstOfRun: false };

const lane = (change: Partial<Lane>): Lane => ({
  laneId: 'lane',
  kind: 'live',
  state: 'running',
  fromMs: nowMs - 30 * day,
  toMs: nowMs,
  positionMs: nowMs - 3 * hour,
  rereadFromMs: null,
  windowMs: hour,
  startedAtMs: 0,
  ...change,
});

describe('the present', () => {
  it('goes on where it stopped, and a run begins with an overlap', () => {
    expect(nextWindow(lane({}), rules)).toEqual({ fromMs: nowMs - 3 * hour, toMs: nowMs - 2 * hour });
    expect(nextWindow(lane({}), { ...rules, firstOfRun: true })).toEqual({
      fromMs: nowMs - 4 * hour,
      toMs: nowMs - 2 * hour,
    });
  });

  it('stops where rows may still come, and does not chase the clock', () => {
    const near = lane({ positionMs: nowMs - 23 * minute });
    expect(nextWindow(near, rules)).toBeNull();
    expect(nextWindow(near, { ...rules, firstOfRun: true })).toMatchObject({ toMs: nowMs - 20 * minute });
    expect(nextWindow(lane({ positionMs: nowMs - 20 * minute }), { ...rules, firstOfRun: true })).toBeNull();
  });

  it('never begins before its first day, and reads again once from where another API begins', () => {
    const young = lane({ fromMs: nowMs - 3 * hour });
    expect(nextWindow(young, { ...rules, firstOfRun: true })?.fromMs).toBe(nowMs - 3 * hour);
    const switched = lane({ rereadFromMs: nowMs - 27 * hour });
    expect(nextWindow(switched, rules)?.fromMs).toBe(nowMs - 27 * hour);
    expect(afterWindow(switched, { fromMs: nowMs - 27 * hour, toMs: nowMs - 2 * hour }, 5)).toMatchObject({
      positionMs: nowMs - 2 * hour,
      rereadFromMs: null,
    });
  });

  it('takes longer windows where little is in them, and shorter ones where much is', () => {
    const range = { fromMs: nowMs - 3 * hour, toMs: nowMs - 2 * hour };
    const after = (pages: number, windowMs = hour) => afterWindow(lane({ windowMs }), range, pages).windowMs;
    expect([after(3), after(4), after(10), after(11)]).toEqual([2 * hour, hour, hour, hour / 2]);
    expect([after(1, day), after(99, minute)]).toEqual([day, minute]);
  });
});

describe('a backfill', () => {
  it('reads the newest first until its beginning, windows without gap or overlap', () => {
    let past = lane({ kind: 'backfill', fromMs: nowMs - 5 * hour, toMs: nowMs, positionMs: nowMs });
    const edges: number[] = [];
    for (let range = nextWindow(past, rules); range !== null; range = nextWindow(past, rules)) {
      expect(range.toMs).toBe(past.positionMs);
      edges.push((nowMs - range.fromMs) / hour);
      past = afterWindow(past, range, 5);
    }
    expect(edges).toEqual([1, 2, 3, 4, 5]);
    expect(windowsLeft(past)).toBe(0);
  });
});

describe('a sweep', () => {
  const live = lane({});
  const idle = (kind: 'day' | 'month', startedAgoMs: number) =>
    lane({ kind, state: 'idle', startedAtMs: nowMs - startedAgoMs });

  it('begins when it is due, over what is settled, and the month leaves the last day to the other', () => {
    expect(beginSweep(idle('day', hour - 1), live, nowMs)).toBeNull();
    expect(beginSweep(idle('day', hour), live, nowMs)).toMatchObject({
      state: 'running',
      fromMs: live.positionMs - day,
      toMs: live.positionMs,
      positionMs: live.positionMs - day,
    });
    expect(beginSweep(idle('month', day), live, nowMs)).toMatchObject({
      fromMs: nowMs - 30 * day,
      toMs: live.positionMs - day,
    });
    expect(beginSweep({ ...idle('day', hour), state: 'running' }, live, nowMs)).toBeNull();
  });

  it('does not begin where there is nothing before it', () => {
    expect(beginSweep(idle('month', day), lane({ fromMs: nowMs - 10 * hour }), nowMs)).toBeNull();
  });

  it('ends at its end and waits', () => {
    const sweep = lane({ kind: 'day', toMs: nowMs - 2 * hour });
    expect(afterWindow(sweep, { fromMs: sweep.positionMs, toMs: sweep.toMs }, 5)).toMatchObject({
      state: 'idle',
    });
  });
});

it('cuts what is too large at its far end, down to a second', () => {
  const range = { fromMs: 0, toMs: 10_000 };
  expect(narrowed('live', range, 0.9)).toEqual({ fromMs: 0, toMs: 5_000 });
  expect(narrowed('backfill', range, 0.2)).toEqual({ fromMs: 8_000, toMs: 10_000 });
  expect(narrowed('live', { fromMs: 0, toMs: 1_999 }, 1)).toBeNull();
});
