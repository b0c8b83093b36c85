import type { LlmMessage, RawBlock } from './backend.js';
import type { WrittenEntry } from './recent-transcripts.js';

/** What of an entry the model is sent. */
export type TranscriptPart = Pick<WrittenEntry, 'entryId' | 'role' | 'content' | 'promptBundle' | 'model'>;

/** Who is asked now. */
interface Reader {
  readonly promptBundle: string;
  readonly model: string;
}

/**
 * The messages of a conversation, verbatim (claude.md summary 3). Words of ours (`spoken`) are not the model's and are not sent as such.
 * The one exception is thinking: it is bound to the model and to the prompt before it, so after a repin or a change of model it is left
 * out of what is sent, never out of the store (claude.md 1.4, 1.10, 7).
 * The rules of claude.md 3 that the API enforces hold for every transcript: see `isAnswered`.
 */
export function messagesOf(entries: readonly TranscriptPart[], reader: Reader): LlmMessage[] {
  return entries.flatMap((entry, index): LlmMessage[] => {
    switch (entry.role) {
      case 'caller':
        return [{ role: 'user', content: blocksOf(entry) }];
      case 'model':
        return isAnswered(entry, entries.slice(index + 1))
          ? [{ role: 'assistant', content: readableBlocks(entry, reader) }]
          : [];
      case 'spoken':
      case 'aside':
      case 'staff':
        return [];
    }
  });
}

/** `model` is null in entries from before it was kept; those conversations had one model only. */
function readableBlocks(entry: TranscriptPart, reader: Reader): readonly RawBlock[] {
  const own = entry.promptBundle === reader.promptBundle && (entry.model ?? reader.model) === reader.model;
  return own
    ? blocksOf(entry)
    : blocksOf(entry).filter(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
}

/** Tool calls of the last model entry that no caller entry has answered yet, in their order. */
export function openToolUses(entries: readonly WrittenEntry[]): string[] {
  const last = entries.findLast((entry) => entry.role === 'caller' || entry.role === 'model');
  return last?.role === 'model' ? toolUseIds(last) : [];
}

/** What was said past the model since it was last told anything, as notices in the order of the talk. */
export const saidMeanwhile = (entries: readonly WrittenEntry[]): string[] =>
  entries
    .slice(entries.findLastIndex((entry) => entry.role === 'caller') + 1)
    .flatMap(({ role, messages }) => {
      const texts = messages.map(({ text }) => JSON.stringify(text));
      if (role === 'aside') return texts.map((text) => `The caller wrote, and you were not asked: ${text}`);
      return role === 'staff' ? texts.map((text) => `A colleague told the caller: ${text}`) : [];
    });

/** Caller entries that the model has not answered: a cancelled step leaves its input behind. */
export const unansweredCallerEntries = (entries: readonly WrittenEntry[]): readonly WrittenEntry[] =>
  entries
    .slice(entries.findLastIndex((entry) => entry.role === 'model') + 1)
    .filter((entry) => entry.role === 'caller');

/**
 * False for a step that was given up, yet wrote its tool calls in the moment between the next step's reading and writing. That next entry
 * answers none of them, and the API refuses a transcript with open calls; nothing has seen the late entry, so it is left out for good.
 */
function isAnswered(entry: TranscriptPart, later: readonly TranscriptPart[]): boolean {
  const next = later.find((candidate) => candidate.role === 'caller');
  if (!next) return true;
  const answered = new Set(blocksOf(next).map((block) => block['tool_use_id']));
  return toolUseIds(entry).every((id) => answered.has(id));
}

const toolUseIds = (entry: TranscriptPart): string[] =>
  blocksOf(entry).flatMap((block) =>
    block.type === 'tool_use' && typeof block['id'] === 'string' ? [block['id']] : [],
  );

/** What was stored was a block when it was written. */
const blocksOf = (entry: TranscriptPart): readonly RawBlock[] => entry.content as readonly RawBlock[];
