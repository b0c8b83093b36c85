const keptMs = 10 * 60_000; // longer than any lag worth simulating

interface Version<Item> {
  /** When it was replaced. */
  readonly untilMs: number;
  /** undefined = the record did not exist. */
  readonly item: Item | undefined;
}

/** Remembers what records were before their last changes, so that reads can lag behind writes (knob `readAfterWriteLagMs`). */
export class RecentChanges<Item extends object> {
  readonly #versions = new Map<string, Version<Item>[]>();

  constructor(readonly guidOf: (item: Item) => string) {}

  /** Call before a record changes; `undefined` = it does not exist yet. */
  remember(guid: string, before: Item | undefined, nowMs: number): void {
    const kept = (this.#versions.get(guid) ?? []).filter(({ untilMs }) => nowMs - untilMs < keptMs);
    this.#versions.set(guid, [
      ...kept,
      { untilMs: nowMs, item: before === undefined ? undefined : { ...before } },
    ]);
  }

  /** The records as a read sees them that lags behind. */
  seenBy(items: readonly Item[], nowMs: number, lagMs: number): readonly Item[] {
    if (lagMs === 0) return items;
    return items.flatMap((item) => {
      const old = this.#versions.get(this.guidOf(item))?.find(({ untilMs }) => untilMs > nowMs - lagMs);
      if (old === undefined) return [item];
      return old.item === undefined ? [] : [old.item];
    });
  }
}
