import { createMasker, personalWords, type Mask, type Masker } from '../../../domain/own-traces/mask.js';
import { ownEnvironmentOf } from '../../../domain/own-traces/own-environment.js';
import type { ConversationRow } from '../../../platform/store/conversations.js';
import type { TranscriptEntry } from '../../../platform/store/transcript.js';
import { buildTurn, parsed } from './build-turn.js';
import { ownIds } from './ids.js';
import type { OwnEvent, OwnScore } from './own-event.js';
import { completeTurns, type RecordedStep, type RecordedTurn } from './turns.js';

/** A conversation as our store has it. */
export interface RecordedConversation {
  readonly conversation: ConversationRow;
  readonly entries: readonly TranscriptEntry[];
  readonly steps: readonly RecordedStep[];
}

/**
 * What a conversation came to so far: the events of its complete turns that began at or after `fromMs`, and the score of its outcome once
 * it is closed. Pure: the same rows give the same bytes.
 */
export function buildConversation(
  { conversation, entries, steps }: RecordedConversation,
  { mask, fromMs, nowMs }: { readonly mask: Mask; readonly fromMs: number; readonly nowMs: number },
): { readonly events: readonly OwnEvent[]; readonly upToSeq: number; readonly closed: boolean } {
  const closed = conversation.status === 'closed';
  const { turns, upToSeq } = completeTurns({ entries, steps, closed, nowMs });
  const masked = createMasker(
    mask,
    mask === 'personal' ? personalWords(entries.flatMap(toldToTools)) : new Set(),
    new Date(conversation.createdAtMs).getUTCFullYear(),
  );
  const maskerOf = ({ entries: said }: RecordedTurn): Masker =>
    // Past the model no tool is told the names, and fixed questions ask for them: they stand bare in the words.
    mask === 'personal' && said.some(({ role }) => role === 'aside') ? nothing : masked;
  const events = turns
    .filter((turn) => [...turn.entries, ...turn.steps].every(({ createdAtMs }) => createdAtMs >= fromMs))
    .map((turn) => buildTurn(conversation, turn, entries, maskerOf(turn)));
  const last = events.at(-1)?.[0];
  const score = closed && last ? [outcomeOf(conversation, last.turn)] : [];
  return { events: [...events.flat(), ...score], upToSeq, closed };
}

const nothing: Masker = () => undefined;

/** What the model gave to tools and got from them: there names are fields. */
function toldToTools({ content }: TranscriptEntry): readonly unknown[] {
  return (content as readonly Readonly<Record<string, unknown>>[]).flatMap((block) => {
    if (block['type'] === 'tool_use') return [block['input']];
    return block['type'] === 'tool_result' ? [parsed(block['content'])] : [];
  });
}

const outcomeOf = (conversation: ConversationRow, turn: number): OwnScore => {
  const ids = ownIds(conversation.tenantId, conversation.conversationId);
  return {
    eventId: ids.event('outcome'),
    kind: 'score',
    turn,
    // The last turn is the one that settles it.
    traceId: ids.trace(turn),
    name: 'outcome',
    value: conversation.outcome,
    atMs: conversation.closedAtMs ?? conversation.updatedAtMs,
    environment: ownEnvironmentOf(conversation.environment),
  };
};
