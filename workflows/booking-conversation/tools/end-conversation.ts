import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import type { Conversation } from '../conversation.js';
import { done } from './answers.js';

/** Marks the conversation as over once this turn's reply is out. What was done is read from the ledger, not from the model. */
export function endConversation(
  conversation: Conversation,
  input: ToolInputs['end_conversation'],
): ToolAnswer {
  conversation.apply((state) => ({
    ...state,
    closeReason: 'ended by the agent',
    outcome:
      state.outcome === 'unknown'
        ? input.outcome === 'abandoned'
          ? 'abandoned'
          : 'information'
        : state.outcome,
  }));
  return done({});
}
