/** One write that reached the practice system, whatever became of it. The password is never in here. */
export interface LedgerEntry {
  readonly seq: number;
  /** ISO, on the base clock: when the outcome was decided. */
  readonly time: string;
  readonly procedure: string;
  readonly clientId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The Result text, `Error <code>: <message>`, or what a fault did to the request before it could run. */
  readonly outcome: string;
  /** Whether the database changed. */
  readonly committed: boolean;
  /** GUID of the patient or appointment that was made or changed, lower-case. */
  readonly guid: string | null;
  /** Kind of the fault that hit this write, if any. */
  readonly fault: string | null;
}

/** The list of writes, in the order in which they were decided. Part of the saved state. */
export class Ledger {
  #entries: LedgerEntry[] = [];

  append(entry: Omit<LedgerEntry, 'seq'>): LedgerEntry {
    const numbered = { seq: (this.#entries.at(-1)?.seq ?? 0) + 1, ...entry };
    this.#entries.push(numbered);
    return numbered;
  }

  /** Entries after this sequence number, ascending. */
  since(seq: number): readonly LedgerEntry[] {
    return this.#entries.filter((entry) => entry.seq > seq);
  }

  restore(entries: readonly LedgerEntry[]): void {
    this.#entries = [...entries];
  }
}
