import { LRUCache } from 'lru-cache';
import type { Transcript, TranscriptEntry } from '../../platform/store/transcript.js';

/** An entry without its flags: those may still change, and the model learns of them by notices. */
export type WrittenEntry = Omit<TranscriptEntry, 'delivered' | 'undeliveredReason'>;

/** Of all conversations together; 20,000 entries are some 40 MB. */
const rememberedEntries = 20_000;

export interface RecentTranscripts {
  /** All entries, oldest first, as the store has them at this moment. */
  load(tenantId: string, conversationId: string): Promise<readonly WrittenEntry[]>;
}

/**
 * Reads each entry once while its conversation goes on here: the store only ever appends (claude.md, rule 3), so what was read stays true,
 * and a turn of a long conversation costs what a turn of a short one does. Other workers' entries are seen like our own.
 */
export function createRecentTranscripts(store: Pick<Transcript, 'load'>): RecentTranscripts {
  const known = new LRUCache<string, readonly WrittenEntry[]>({
    maxSize: rememberedEntries,
    sizeCalculation: (entries) => entries.length,
  });
  return {
    async load(tenantId, conversationId) {
      const key = `${tenantId}/${conversationId}`;
      const earlier = known.get(key) ?? [];
      const added = await store.load(tenantId, conversationId, earlier.at(-1)?.seq ?? 0);
      if (added.length === 0) return earlier;
      const entries = [...earlier, ...added];
      known.set(key, entries);
      return entries;
    },
  };
}
