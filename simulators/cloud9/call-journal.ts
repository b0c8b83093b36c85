import type { BaseClock } from './clock.js';

const keptCalls = 50;

export interface CallRecord {
  readonly time: string;
  readonly clientId: string;
  readonly outcome: string;
  readonly tookMs: number;
}

export interface ProcedureCalls {
  count: number;
  /** Answers by what they were: `Success`, `Error 8`, `dropped`, ... */
  readonly outcomes: Record<string, number>;
  inFlight: number;
  /** Most calls of one ClientID that were in flight together: 1 when the client keeps its queue. */
  maxConcurrent: number;
  /** Shortest time between two starts of one ClientID; null until there were two. */
  shortestGapMs: number | null;
  /** The newest last. */
  readonly last: CallRecord[];
}

export interface Warning {
  readonly time: string;
  readonly procedure: string;
  readonly text: string;
}

/** Counts calls per procedure, so that tests can see spacing, concurrency and resends from the server's side. */
export class CallJournal {
  readonly #procedures = new Map<string, ProcedureCalls>();
  readonly #inFlight = new Map<string, number>();
  readonly #lastStartMs = new Map<string, number>();
  readonly warnings: Warning[] = [];

  constructor(readonly clock: BaseClock) {}

  /** Call at arrival; the function that it gives takes the outcome and is called once. */
  begin(clientId: string, procedure: string): (outcome: string) => void {
    const calls = this.#calls(procedure);
    const key = `${clientId} ${procedure}`;
    const startMs = this.clock.nowMs();
    const previousMs = this.#lastStartMs.get(key);
    if (previousMs !== undefined) {
      calls.shortestGapMs = Math.min(calls.shortestGapMs ?? Infinity, startMs - previousMs);
    }
    this.#lastStartMs.set(key, startMs);
    const together = (this.#inFlight.get(key) ?? 0) + 1;
    this.#inFlight.set(key, together);
    calls.count += 1;
    calls.inFlight += 1;
    calls.maxConcurrent = Math.max(calls.maxConcurrent, together);
    return (outcome) => {
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 1) - 1);
      calls.inFlight -= 1;
      calls.outcomes[outcome] = (calls.outcomes[outcome] ?? 0) + 1;
      const time = new Date(startMs).toISOString();
      calls.last.push({ time, clientId, outcome, tookMs: this.clock.nowMs() - startMs });
      if (calls.last.length > keptCalls) calls.last.shift();
    };
  }

  warn(procedure: string, text: string): void {
    this.warnings.push({ time: new Date(this.clock.nowMs()).toISOString(), procedure, text });
    if (this.warnings.length > keptCalls) this.warnings.shift();
  }

  report(): {
    readonly procedures: Readonly<Record<string, ProcedureCalls>>;
    readonly warnings: readonly Warning[];
  } {
    return { procedures: Object.fromEntries(this.#procedures), warnings: this.warnings };
  }

  reset(): void {
    this.#lastStartMs.clear();
    this.warnings.length = 0;
    for (const calls of this.#procedures.values()) {
      Object.assign(calls, {
        count: 0,
        outcomes: {},
        maxConcurrent: calls.inFlight,
        shortestGapMs: null,
        last: [],
      });
    }
  }

  #calls(procedure: string): ProcedureCalls {
    let calls = this.#procedures.get(procedure);
    if (calls === undefined) {
      calls = { count: 0, outcomes: {}, inFlight: 0, maxConcurrent: 0, shortestGapMs: null, last: [] };
      this.#procedures.set(procedure, calls);
    }
    return calls;
  }
}
