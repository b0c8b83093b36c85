import { ActivityFailure, ApplicationFailure, upsertSearchAttributes } from '@temporalio/workflow';
import { spoken } from '../../domain/agent/spoken-texts.js';
import { isFailureType, type FailureType } from '../../domain/failures.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import type { ConversationStart } from './messages.js';
import { leaveTask } from './leave-task.js';
import type { ConversationState } from './state.js';
import { releaseHold } from './tools/hold-slots.js';

/** Gives the held places back, says goodbye to a caller who fell silent, and writes how the conversation ended. */
export async function closeConversation(conversation: Conversation, reason: string): Promise<void> {
  await releaseHold(conversation);
  const idle = reason === 'idle';
  // Somebody who gave up on fixed questions did not get what they came for.
  if (idle && conversation.state.form) await leaveTask(conversation, conversation.state.turn, 'modelAway');
  const { start, language, promptBundle, turn } = conversation.state;
  const { tenantId, conversationId, channel } = start;
  if (idle && turn > 0) {
    const text = spoken(language, channel === 'voice' ? 'hangUp' : 'closedIdle', {});
    await store.speak({
      tenantId,
      conversationId,
      entryId: 'closing.spoken',
      text,
      promptBundle,
      insteadOf: null,
    });
  }
  conversation.apply((now) => ({
    ...now,
    status: 'closed',
    closeReason: reason,
    outcome: now.outcome === 'unknown' ? (idle ? 'abandoned' : 'information') : now.outcome,
  }));
  await writeEnd(start, conversation.state.outcome, reason, turn);
}

/**
 * Ends a conversation that cannot go on: its places go back, a person gets a task, and row and search attribute say how it ended. `state`
 * is missing when not even the opening worked. What was booked before stays the outcome.
 */
export async function closeFailed(
  start: ConversationStart,
  conversation: Conversation | undefined,
  why: FailureType,
): Promise<void> {
  if (conversation) await releaseHold(conversation);
  const state: ConversationState | undefined = conversation?.state;
  const { tenantId, environment, conversationId } = start;
  await store.openStaffTask({
    tenantId,
    environment,
    taskId: `${conversationId}.failed`,
    conversationId,
    kind: 'conversationFailed',
    summary: 'The conversation broke off because of a fault of ours. Read it and get back to the caller.',
    detail: { why, ledger: state?.ledger ?? [] },
  });
  const outcome = state && state.ledger.length > 0 ? state.outcome : 'failed';
  conversation?.apply((now) => ({ ...now, status: 'closed', closeReason: 'failed', outcome }));
  await writeEnd(start, outcome, 'failed', state?.turn ?? 0);
}

async function writeEnd(
  { tenantId, conversationId }: ConversationStart,
  outcome: ConversationState['outcome'],
  closeReason: string,
  turns: number,
): Promise<void> {
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
  await store.updateConversation({
    tenantId,
    conversationId,
    patch: { status: 'closed', outcome, closeReason, closedAtMs: Date.now(), turns },
  });
}

/** The row of the failure table that a waiting caller reads, for what broke the conversation off. */
export function failureTypeOf(error: Error): FailureType {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return isFailureType(type) ? type : 'Internal';
}
