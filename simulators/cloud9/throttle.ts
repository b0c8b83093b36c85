import type { BaseClock } from './clock.js';
import type { Knobs } from './knobs.js';

/** Who calls what: the budget is per procedure and ClientID (cloud9.md 4.3). */
export interface Budget {
  readonly clientId: string;
  readonly procedure: string;
}

/** Admits or refuses calls before they have any effect. Kept in memory: a restart forgets the gaps. */
export class Throttle {
  readonly #starts = new Map<string, number[]>();

  constructor(readonly clock: BaseClock) {}

  /** Whether this call may run; when it may, its start counts against the budget. */
  admit(budget: Budget, rules: Knobs['throttle']): boolean {
    if (!rules.enabled || rules.gapScale === 0) return true;
    const key = `${budget.clientId} ${budget.procedure}`;
    const nowMs = this.clock.nowMs();
    const calls = rules.mode === 'gap' ? 1 : rules.callsPerWindow;
    const gapMs =
      (rules.mode === 'gap' ? (rules.minGapMs[budget.procedure] ?? rules.otherMinGapMs) : rules.windowMs) *
      rules.gapScale;
    const spanMs = gapMs - Math.min(rules.toleranceMs, gapMs / 10);
    const recent = (this.#starts.get(key) ?? []).filter((startMs) => nowMs - startMs < spanMs);
    const admitted = recent.length < calls;
    if (admitted || rules.throttledCallsCount) recent.push(nowMs);
    this.#starts.set(key, recent);
    return admitted;
  }

  reset(): void {
    this.#starts.clear();
  }
}
