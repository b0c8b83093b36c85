/** Gives epoch milliseconds. */
export interface BaseClock {
  nowMs(): number;
}

/** A clock that was set, and the moment of the base clock at which that happened. Plain JSON: it survives a restart. */
export interface ClockSetting {
  readonly nowIso: string;
  readonly setAtMs: number;
  /** Stands still instead of running on from `nowIso`. */
  readonly frozen: boolean;
}

/** The practice's clock: the base clock, or one that the admin set. Throttle gaps and lags are measured on the base clock. */
export class VirtualClock {
  #setting: ClockSetting | null = null;

  constructor(readonly base: BaseClock) {}

  get setting(): ClockSetting | null {
    return this.#setting;
  }

  nowMs(): number {
    if (this.#setting === null) return this.base.nowMs();
    const { nowIso, setAtMs, frozen } = this.#setting;
    return Date.parse(nowIso) + (frozen ? 0 : this.base.nowMs() - setAtMs);
  }

  /** `null` goes back to the base clock. */
  set(nowIso: string | null, frozen = false): void {
    this.#setting = nowIso === null ? null : { nowIso, frozen, setAtMs: this.base.nowMs() };
  }

  restore(setting: ClockSetting | null): void {
    this.#setting = setting;
  }
}
