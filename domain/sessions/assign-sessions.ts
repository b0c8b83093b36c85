/** A trace of one group with the session that it is in; null = none yet. */
export interface Placed {
  readonly traceId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly sessionId: string | null;
}

export interface AssignedSession {
  readonly sessionId: string;
  /** By their start. */
  readonly traceIds: readonly string[];
}

/** What became of sessions, for the log. `merged`: `sessionId` is no more, its traces are in `otherId`. `split`: `otherId` was cut off it. */
export interface SessionChange {
  readonly kind: 'merged' | 'split';
  readonly sessionId: string;
  readonly otherId: string;
}

/**
 * Puts traces of one group into sessions: one ends when nobody spoke for longer than the gap. Which traces share a session depends on their
 * times alone, not on the order in which they came. Ids stay: a session keeps the id of its earliest trace that has one; of two sessions
 * that become one, the earlier id goes on, and a part that is cut off gets a new one from `mint`.
 *
 * `traces` are the changed ones and all of the sessions that they are in or within a gap of; the rest of the group cannot be concerned.
 */
export function assignSessions(
  traces: readonly Placed[],
  gapMs: number,
  mint: () => string,
): { readonly sessions: readonly AssignedSession[]; readonly changes: readonly SessionChange[] } {
  const taken = new Set<string>();
  const named = runsOf(traces, gapMs).map((run) => {
    const sessionId = run.find((trace) => trace.sessionId !== null && !taken.has(trace.sessionId))?.sessionId;
    const id = sessionId ?? mint();
    taken.add(id);
    return { id, run };
  });
  const changes = new Map<string, SessionChange>();
  for (const { id, run } of named) {
    for (const { sessionId } of run) {
      if (sessionId === null || sessionId === id) continue;
      const kind = taken.has(sessionId) ? 'split' : 'merged';
      changes.set(`${sessionId} ${id}`, { kind, sessionId, otherId: id });
    }
  }
  return {
    sessions: named.map(({ id, run }) => ({ sessionId: id, traceIds: run.map(({ traceId }) => traceId) })),
    changes: [...changes.values()],
  };
}

/** Traces in the order of their start, cut where the silence was longer than the gap. */
function runsOf(traces: readonly Placed[], gapMs: number): readonly (readonly Placed[])[] {
  const sorted = [...traces].sort(
    (a, b) => a.startedAtMs - b.startedAtMs || (a.traceId < b.traceId ? -1 : 1),
  );
  const runs: Placed[][] = [];
  let lastEndMs = -Infinity;
  for (const trace of sorted) {
    const run = runs.at(-1);
    if (run && trace.startedAtMs - lastEndMs <= gapMs) run.push(trace);
    else runs.push([trace]);
    // A long turn may outlast the one after it.
    lastEndMs = Math.max(lastEndMs, trace.endedAtMs);
  }
  return runs;
}
