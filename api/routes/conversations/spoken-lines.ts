import type { TranscriptEntry } from '../../../platform/store/transcript.js';

/** One line of a conversation as people read it. */
export interface SpokenLine {
  readonly who: 'caller' | 'agent' | 'staff';
  readonly text: string;
  readonly atMs: number;
  readonly entryId: string;
  readonly promptBundle: string;
  readonly messageId: string | null;
}

/** What was said and heard: the caller's messages and delivered words, without drafts, tool calls and notices. */
export const spokenLines = (entries: readonly TranscriptEntry[]): SpokenLine[] =>
  entries.flatMap((entry): SpokenLine[] => {
    const about = { atMs: entry.createdAtMs, entryId: entry.entryId, promptBundle: entry.promptBundle };
    if (entry.role === 'caller' || entry.role === 'aside') {
      return entry.messages.map(({ messageId, text }) => ({ who: 'caller', text, messageId, ...about }));
    }
    return entry.delivered && entry.say !== null
      ? [{ who: entry.role === 'staff' ? 'staff' : 'agent', text: entry.say, messageId: null, ...about }]
      : [];
  });
