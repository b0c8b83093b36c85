import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSessions, type Placed } from './assign-sessions.js';
import { gapOf, sessionGroupOf } from './session-group.js';

const gapMs = 30;

/** Keeps what a store would keep, and gives the assignment what its contract asks for: changed traces and the sessions in their reach. */
class Desk {
  readonly traces = new Map<string, Placed>();
  readonly changes: string[] = [];
  writes = 0;
  #minted = 0;

  put(...changed: readonly Omit<Placed, 'sessionId'>[]): void {
    const ids = new Set(changed.map(({ traceId }) => traceId));
    const reached = new Set<string>();
    for (const before of this.traces.values())
      if (before.sessionId !== null && ids.has(before.traceId)) reached.add(before.sessionId);
    for (const sessionId of new Set([...this.traces.values()].map((trace) => trace.sessionId))) {
      const members = this.#members(sessionId);
      const first = Math.min(...members.map(({ startedAtMs }) => startedAtMs));
      const last = Math.max(...members.map(({ endedAtMs }) => endedAtMs));
      if (
        sessionId !== null &&
        changed.some((trace) => trace.startedAtMs <= last + gapMs && trace.endedAtMs >= first - gapMs)
      )
        reached.add(sessionId);
    }
    for (const trace of changed)
      this.traces.set(trace.traceId, {
        ...trace,
        sessionId: this.traces.get(trace.traceId)?.sessionId ?? null,
      });
    this.#assign(
      [...this.traces.values()].filter(
        ({ traceId, sessionId }) => ids.has(traceId) || reached.has(sessionId ?? ''),
      ),
    );
  }

  remove(traceId: string): void {
    const sessionId = this.traces.get(traceId)?.sessionId ?? null;
    this.traces.delete(traceId);
    this.#assign(this.#members(sessionId));
  }

  #members(id: string | null): Placed[] {
    return [...this.traces.values()].filter(({ sessionId }) => sessionId === id);
  }

  #assign(scope: readonly Placed[]): void {
    const { sessions, changes } = assignSessions(scope, gapMs, () => `s${(this.#minted += 1)}`);
    for (const { sessionId, traceIds } of sessions)
      for (const traceId of traceIds) {
        const trace = this.traces.get(traceId);
        if (!trace || trace.sessionId === sessionId) continue;
        this.writes += 1;
        this.traces.set(traceId, { ...trace, sessionId });
      }
    this.changes.push(...changes.map(({ kind, sessionId, otherId }) => `${kind} ${sessionId} ${otherId}`));
  }

  of(traceId: string): string | null | undefined {
    return this.traces.get(traceId)?.sessionId;
  }

  partition(): string[] {
    const sessions = new Map<string | null, string[]>();
    for (const { traceId, sessionId } of this.traces.values())
      sessions.set(sessionId, [...(sessions.get(sessionId) ?? []), traceId]);
    return [...sessions.values()].map((ids) => ids.sort().join(' ')).sort();
  }
}

const turn = (traceId: string, startedAtMs: number, lastsMs = 5) => ({
  traceId,
  startedAtMs,
  endedAtMs: startedAtMs + lastsMs,
});

describe('sessions of a caller', () => {
  it('end with a silence that is longer than the gap, counted from the end of the turn before', () => {
    const desk = new Desk();
    desk.put(turn('a', 0), turn('b', 35), turn('c', 71));
    expect(desk.partition()).toEqual(['a b', 'c']);
  });

  it('count from the longest turn, not from the last that began', () => {
    const desk = new Desk();
    desk.put(turn('a', 0, 100), turn('b', 10, 1), turn('c', 125));
    expect(desk.partition()).toEqual(['a b c']);
  });

  it('become one when a turn arrives that lies between; the earlier id stays, and the log says so', () => {
    const desk = new Desk();
    desk.put(turn('c', 60));
    desk.put(turn('a', 0));
    expect([desk.of('c'), desk.of('a')]).toEqual(['s1', 's2']);
    desk.put(turn('b', 30));
    expect(desk.partition()).toEqual(['a b c']);
    expect(desk.of('c')).toBe('s2');
    expect(desk.changes).toEqual(['merged s1 s2']);
  });

  it('become two when the turn between is deleted; the earlier part keeps the id', () => {
    const desk = new Desk();
    desk.put(turn('a', 0), turn('b', 30), turn('c', 60));
    desk.remove('b');
    expect([desk.of('a'), desk.of('c')]).toEqual(['s1', 's2']);
    expect(desk.changes).toEqual(['split s1 s2']);
  });

  it('keep their id when an earlier turn arrives late', () => {
    const desk = new Desk();
    desk.put(turn('b', 30));
    desk.put(turn('a', 0));
    expect([desk.of('a'), desk.of('b')]).toEqual(['s1', 's1']);
  });

  const turns = fc.uniqueArray(fc.record({ id: fc.nat(40), start: fc.nat(400), lasts: fc.nat(40) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 14,
  });

  it('are the same whatever the order and the portions in which turns arrive, and arriving again changes nothing', () => {
    fc.assert(
      fc.property(turns, fc.infiniteStream(fc.nat(1_000)), (drawn, draws) => {
        const all = drawn.map(({ id, start, lasts }) => turn(`t${id}`, start, lasts));
        const whole = new Desk();
        whole.put(...all);
        const next = (below: number): number => (draws.next().value ?? 0) % below;
        const shuffled = all.map((trace) => ({ trace, key: next(1_000) })).sort((a, b) => a.key - b.key);
        const parts = new Desk();
        for (let at = 0; at < shuffled.length;) {
          const size = 1 + next(3);
          parts.put(...shuffled.slice(at, at + size).map(({ trace }) => trace));
          at += size;
        }
        expect(parts.partition()).toEqual(whole.partition());
        const { writes } = parts;
        const logged = parts.changes.length;
        for (const { trace } of shuffled) parts.put(trace);
        expect([parts.writes, parts.changes.length]).toEqual([writes, logged]);
      }),
    );
  });

  it('are the same after turns moved or were deleted as if they had always been so', () => {
    fc.assert(
      fc.property(turns, fc.array(fc.tuple(fc.nat(13), fc.option(fc.nat(400)))), (drawn, moves) => {
        const desk = new Desk();
        const all = new Map(drawn.map(({ id, start, lasts }) => [`t${id}`, turn(`t${id}`, start, lasts)]));
        desk.put(...all.values());
        for (const [index, start] of moves) {
          const trace = [...all.values()][index];
          if (!trace) continue;
          if (start === null) {
            all.delete(trace.traceId);
            desk.remove(trace.traceId);
          } else {
            const moved = turn(trace.traceId, start, trace.endedAtMs - trace.startedAtMs);
            all.set(trace.traceId, moved);
            desk.put(moved);
          }
        }
        const fresh = new Desk();
        if (all.size > 0) fresh.put(...all.values());
        expect(desk.partition()).toEqual(fresh.partition());
      }),
    );
  });
});

it('a session is what bears one id, else a caller, else the trace alone', () => {
  const kept = { idleGapMs: gapMs, ownSessionIds: 'kept' } as const;
  const perTurn = { idleGapMs: gapMs, ownSessionIds: 'perTurn' } as const;
  const trace = { traceId: 't', sessionId: 's', userId: 'u' };
  expect(sessionGroupOf(kept, trace)).toEqual({ by: 'sessionId', value: 's' });
  expect(sessionGroupOf(kept, { ...trace, sessionId: null })).toEqual({ by: 'caller', value: 'u' });
  expect(sessionGroupOf(kept, { ...trace, sessionId: null, userId: null })).toEqual({
    by: 'trace',
    value: 't',
  });
  expect(sessionGroupOf(perTurn, trace)).toEqual({ by: 'caller', value: 'u' });
  expect(sessionGroupOf(perTurn, { ...trace, userId: null })).toEqual({ by: 'sessionId', value: 's' });
  expect(gapOf(kept, 'sessionId')).toBe(Infinity);
  expect(gapOf(kept, 'caller')).toBe(gapMs);
});
