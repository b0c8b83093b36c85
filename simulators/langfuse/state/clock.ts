/** The server's clock: the machine's, moved by orders. */
export class SimulatedClock {
  #offsetMs = 0;
  #frozenAtMs: number | null = null;

  nowMs(): number {
    return this.#frozenAtMs ?? Date.now() + this.#offsetMs;
  }

  /** Stands still from now on, at the given time. */
  freezeAt(epochMs: number): void {
    this.#frozenAtMs = epochMs;
  }

  advance(byMs: number): void {
    if (this.#frozenAtMs !== null) this.#frozenAtMs += byMs;
    else this.#offsetMs += byMs;
  }

  /** Runs with the machine again. */
  release(): void {
    this.#offsetMs = 0;
    this.#frozenAtMs = null;
  }
}
