import { outcomes, type Outcome } from '../outcome.js';

/** Why a conversation is said to have ended as it did. */
export interface OutcomeEvidence {
  /** `tag`: the agent said so. `tool`: a call that did it came back without an error. `error`: its last turn failed. `none`: nothing tells. */
  readonly by: 'tag' | 'tool' | 'error' | 'none';
  readonly traceId: string | null;
  readonly observationId: string | null;
}

export interface JudgedOutcome {
  readonly outcome: Outcome;
  readonly evidence: OutcomeEvidence;
}

const noOutcome: JudgedOutcome = {
  outcome: 'unknown',
  evidence: { by: 'none', traceId: null, observationId: null },
};

/** Tools of the booking agent that settle a conversation (domain/agent/tools.ts). */
const decisive: ReadonlyMap<string, Outcome> = new Map([
  ['confirm_booking', 'booked'],
  ['reschedule', 'rescheduled'],
  ['cancel', 'cancelled'],
  ['transfer_to_human', 'transferred'],
]);

export const decisiveTools: readonly string[] = [...decisive.keys()];

const known: ReadonlySet<string> = new Set(outcomes);
const tagPrefix = 'outcome:';

interface ToolCall {
  readonly observationId: string;
  readonly type: string;
  readonly name: string | null;
  readonly level: string;
  readonly startedAtMs: number;
  /** What the tool answered, as kept; null = not kept. */
  readonly output: string | null;
}

/** An answer like `{"ok":false}` or `{"error":…}` did nothing, whatever its level (a cancel first asks for consent: claude.md 5.1). */
function refused(output: string | null): boolean {
  if (output === null) return false;
  try {
    const answer: unknown = JSON.parse(output);
    if (typeof answer !== 'object' || answer === null) return false;
    return ('ok' in answer && answer.ok === false) || ('error' in answer && Boolean(answer.error));
  } catch {
    return false;
  }
}

/** What one turn says of the outcome: its tag, else its last call that settled something, else its failure. */
export function outcomeOfTrace(
  traceId: string,
  tags: readonly string[],
  observations: readonly ToolCall[],
): JudgedOutcome {
  const tag = tags
    .filter((text) => text.startsWith(tagPrefix))
    .map((text) => text.slice(tagPrefix.length))
    .find((text) => known.has(text));
  if (tag !== undefined)
    return { outcome: tag as Outcome, evidence: { by: 'tag', traceId, observationId: null } };
  const last = (rows: readonly ToolCall[]): ToolCall | undefined =>
    [...rows].sort((a, b) => a.startedAtMs - b.startedAtMs).at(-1);
  const settled = last(
    observations.filter(
      ({ type, name, level, output }) =>
        type === 'TOOL' && decisive.has(name ?? '') && level !== 'ERROR' && !refused(output),
    ),
  );
  const outcome = decisive.get(settled?.name ?? '');
  if (settled && outcome)
    return { outcome, evidence: { by: 'tool', traceId, observationId: settled.observationId } };
  const failed = last(observations.filter(({ level }) => level === 'ERROR'));
  if (failed)
    return {
      outcome: 'failed',
      evidence: { by: 'error', traceId, observationId: failed.observationId },
    };
  return noOutcome;
}

/**
 * The outcome of a session from its turns in their order: the last tag, else the last tool that settled something, else the failure of its
 * last turn. What was said is not interpreted: without evidence it is `unknown`, never a guess.
 */
export function outcomeOfSession(turns: readonly JudgedOutcome[]): JudgedOutcome {
  const lastBy = (by: OutcomeEvidence['by']): JudgedOutcome | undefined =>
    turns.findLast(({ evidence }) => evidence.by === by);
  const final = turns.at(-1);
  return lastBy('tag') ?? lastBy('tool') ?? (final?.evidence.by === 'error' ? final : undefined) ?? noOutcome;
}
