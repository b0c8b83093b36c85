import type { ToolAnswer } from '../../../domain/agent/tools.js';
import { isConsent } from '../../../domain/booking/consent.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { mint } from '../state.js';
import { failed } from './answers.js';

/**
 * The gate before every write: the caller, in a turn later than the offer, must have said a clear yes, and nothing that still waits may
 * take it back (claude.md 5.2, rule 3). The model's own word for it (`caller_said`) counts for nothing. A refusal is recorded.
 */
export async function consentMissing(
  conversation: Conversation,
  askedInTurn: number,
  tool: string,
): Promise<ToolAnswer | null> {
  const { state } = conversation;
  const turn = state.turn + 1;
  if (turn > askedInTurn && isConsent(conversation.callerWords())) return null;
  const minted = mint(state, 'finding');
  conversation.apply(() => minted.state);
  await store.recordFinding({
    tenantId: state.start.tenantId,
    conversationId: state.start.conversationId,
    findingId: `${state.start.conversationId}.${minted.ref}`,
    kind: 'gateRejection',
    detail: { tool, turn, askedInTurn },
  });
  return failed('consent_needed', 'Please read it back and ask for a clear yes first.', true);
}
