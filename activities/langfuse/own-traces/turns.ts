import type { ModelStep } from '../../../platform/store/model-steps.js';
import type { TranscriptEntry } from '../../../platform/store/transcript.js';

export type RecordedStep = ModelStep & { readonly createdAtMs: number };

/** One caller turn as our store has it. */
export interface RecordedTurn {
  readonly turn: number;
  readonly entries: readonly TranscriptEntry[];
  readonly steps: readonly RecordedStep[];
}

/** After this much silence behind an answer nothing of its turn follows: a redraft begins within moments. */
const quietMs = 5 * 60_000;

/** Entries and steps are named after their turn (`t3.s1.model`); what is not belongs to none. */
const turnOf = (id: string): number | null => {
  const match = /^t(\d+)\./.exec(id);
  return match?.[1] === undefined ? null : Number(match[1]);
};

/**
 * The turns of a conversation to which nothing will be added: all of a closed one; in an open one those that another turn follows, and an
 * answered last one after a while. `upToSeq` = the transcript position up to which all is in them.
 */
export function completeTurns(conversation: {
  readonly entries: readonly TranscriptEntry[];
  readonly steps: readonly RecordedStep[];
  readonly closed: boolean;
  readonly nowMs: number;
}): { readonly turns: readonly RecordedTurn[]; readonly upToSeq: number } {
  const { entries, steps, closed, nowMs } = conversation;
  const numbers = [...entries.map(({ entryId }) => entryId), ...steps.map(({ stepId }) => `${stepId}.`)];
  const turns = [...new Set(numbers.map(turnOf))]
    .filter((turn) => turn !== null)
    .sort((one, other) => one - other)
    .map((turn) => ({
      turn,
      entries: entries.filter(({ entryId }) => turnOf(entryId) === turn),
      steps: steps.filter(({ stepId }) => turnOf(`${stepId}.`) === turn),
    }));
  const last = turns.at(-1);
  if (!last || closed || isSettled(last, nowMs)) return { turns, upToSeq: entries.at(-1)?.seq ?? 0 };
  return { turns: turns.slice(0, -1), upToSeq: (last.entries[0]?.seq ?? 1) - 1 };
}

/** Whether the last thing that happened was that the caller heard something, or was handed to a colleague, a while ago. */
function isSettled({ entries, steps }: RecordedTurn, nowMs: number): boolean {
  const last = entries.at(-1);
  if (!last?.delivered || !(last.say !== null || last.role === 'aside')) return false;
  return nowMs - Math.max(last.createdAtMs, ...steps.map((step) => step.createdAtMs)) >= quietMs;
}
