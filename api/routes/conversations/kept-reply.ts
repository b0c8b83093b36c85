import type { z } from 'zod';
import type { ConversationRow } from '../../../platform/store/conversations.js';
import type { TranscriptEntry } from '../../../platform/store/transcript.js';
import type { reply } from './shapes.js';

/**
 * The reply to a message as the transcript kept it, or null. Workflows forget old messages and the server forgets old workflows; the
 * transcript keeps both.
 */
export function keptReply(
  entries: readonly TranscriptEntry[],
  messageId: string,
  { language, status, outcome }: Pick<ConversationRow, 'language' | 'status' | 'outcome'>,
): z.output<typeof reply> | null {
  const asked = entries.findIndex((entry) =>
    entry.messages.some((message) => message.messageId === messageId),
  );
  if (asked < 0) return null;
  const said = entries
    .slice(asked)
    .find(
      (entry) => (entry.role === 'model' || entry.role === 'spoken') && entry.delivered && entry.say !== null,
    );
  const kept = entries[asked];
  if (kept?.role === 'aside' && turnOf(said?.entryId) !== turnOf(kept.entryId)) {
    // A colleague has the conversation: the message was kept, and nothing was said at once.
    const { entryId, promptBundle } = kept;
    return { messageId, turn: turnOf(entryId), entryId, text: '', language, status, outcome, promptBundle };
  }
  if (said?.say === null || said === undefined) return null;
  const { entryId, say: text, promptBundle } = said;
  return { messageId, turn: turnOf(entryId), entryId, text, language, status, outcome, promptBundle };
}

const turnOf = (entryId: string | undefined): number => Number(/^t(\d+)/.exec(entryId ?? '')?.[1] ?? 0);
