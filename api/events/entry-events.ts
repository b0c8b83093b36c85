import type { TranscriptEntry } from '../../platform/store/transcript.js';
import type { FeedEvent } from './feed-event.js';

type Told = Omit<FeedEvent, 'id'>;

interface Block {
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  readonly tool_use_id?: string;
  readonly content?: unknown;
}

/** What one transcript entry tells the people who watch: words that were really exchanged, and steps of the agent without their contents. */
export function eventsOf(entry: TranscriptEntry): Told[] {
  const { entryId, createdAtMs: atMs } = entry;
  const blocks = entry.content as readonly Block[];
  switch (entry.role) {
    case 'caller':
      return [
        ...blocks
          .filter((block) => block.type === 'tool_result')
          .map((block) => ({
            event: 'toolStep' as const,
            data: { toolUseId: block.tool_use_id, phase: 'answered', ...resultOf(block.content), atMs },
          })),
        ...entry.messages.map(({ messageId, text }) => ({
          event: 'message' as const,
          data: { who: 'caller', text, messageId, entryId, atMs },
        })),
      ];
    case 'model':
      return [
        ...blocks
          .filter((block) => block.type === 'tool_use')
          .map((block) => ({
            event: 'toolStep' as const,
            data: { toolUseId: block.id, phase: 'requested', tool: block.name, atMs },
          })),
        ...words(entry),
      ];
    case 'spoken':
      return words(entry);
    case 'aside':
      return entry.messages.map(({ messageId, text }) => ({
        event: 'message',
        data: { who: 'caller', text, messageId, entryId, atMs },
      }));
    case 'staff':
      return entry.messages.map(({ messageId, text }) => ({
        event: 'message',
        data: { who: 'staff', text, messageId, entryId, atMs },
      }));
  }
}

const words = ({ delivered, say, entryId, createdAtMs: atMs }: TranscriptEntry): Told[] =>
  delivered && say !== null
    ? [{ event: 'message', data: { who: 'agent', text: say, messageId: null, entryId, atMs } }]
    : [];

/** Only whether it worked: what a tool found may name other people. */
function resultOf(content: unknown): { readonly ok: boolean; readonly code: string | null } {
  try {
    const answer = JSON.parse(String(content)) as { ok?: unknown; error?: { code?: unknown } };
    return {
      ok: answer.ok === true,
      code: typeof answer.error?.code === 'string' ? answer.error.code : null,
    };
  } catch {
    return { ok: false, code: null };
  }
}
