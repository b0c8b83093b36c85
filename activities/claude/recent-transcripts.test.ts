import { expect, it } from 'vitest';
import type { TranscriptEntry } from '../../platform/store/transcript.js';
import { sampleTranscriptEntry } from '../../test/kit/sample-transcript-entry.js';
import { createRecentTranscripts } from './recent-transcripts.js';

const entry = (seq: number): TranscriptEntry => sampleTranscriptEntry({ entryId: `e${seq}`, seq });

it('reads an entry once, gives all of them, and sees what other processes add', async () => {
  const stored: Record<string, TranscriptEntry[]> = { 'a/c1': [entry(1), entry(2)], 'b/c1': [entry(1)] };
  let read = 0;
  const transcripts = createRecentTranscripts({
    load: async (tenantId, conversationId, afterSeq = 0) => {
      const added = (stored[`${tenantId}/${conversationId}`] ?? []).filter(({ seq }) => seq > afterSeq);
      read += added.length;
      return added;
    },
  });
  const seqs = async (tenantId: string) => (await transcripts.load(tenantId, 'c1')).map(({ seq }) => seq);
  expect(await seqs('a')).toEqual([1, 2]);
  stored['a/c1']?.push(entry(3));
  expect(await seqs('a')).toEqual([1, 2, 3]);
  expect(await seqs('a')).toEqual([1, 2, 3]);
  expect(await seqs('b')).toEqual([1]);
  expect(read).toBe(4);
});
