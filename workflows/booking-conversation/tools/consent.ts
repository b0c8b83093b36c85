import type { ToolAnswer, ToolName } from '../../../domain/agent/tools.js';
import { isConsent } from '../../../domain/booking/consent.js';
import { practiceDateOf, type PracticeTime } from '../../../domain/time/practice-time.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { mint } from '../state.js';
import { failed } from './answers.js';

/** The question whose yes opens a write. */
interface Question {
  readonly tool: ToolName;
  readonly action: 'book' | 'move' | 'cancel';
  /** Turn in which the caller was really told date and time; null = not yet. */
  readonly readBackTurn: number | null;
  /** Starts that the caller may name in the answer. */
  readonly times: readonly PracticeTime[];
}

/**
 * The gate before every write: the caller, in a turn later than the one that read date and time back, must have said a clear yes, and
 * nothing that still waits may take it back (claude.md 5.2, rule 3; 11, scenario 18). The model's own word for it (`caller_said`) counts
 * for nothing. A refusal is recorded.
 */
export async function consentMissing(
  conversation: Conversation,
  { tool, action, readBackTurn, times }: Question,
): Promise<ToolAnswer | null> {
  const { state } = conversation;
  const turn = state.turn + 1;
  const today = practiceDateOf(conversation.nowMs(), state.practice.timeZone);
  if (
    readBackTurn !== null &&
    turn > readBackTurn &&
    isConsent(conversation.callerWords(), { action, times, today })
  )
    return null;
  const minted = mint(state, 'finding');
  conversation.apply(() => minted.state);
  await store.recordFinding({
    tenantId: state.start.tenantId,
    conversationId: state.start.conversationId,
    findingId: `${state.start.conversationId}.${minted.ref}`,
    kind: 'gateRejection',
    detail: { tool, turn, readBackTurn },
  });
  return failed('consent_needed', 'Please read it back and ask for a clear yes first.', true);
}
