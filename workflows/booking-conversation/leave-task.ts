import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import { enterTask, mint } from './state.js';

/** One task a cause: a caller who goes on writing to a conversation that has used up its budget is not a new task each time. */
export async function leaveTask(
  conversation: Conversation,
  turn: number,
  why: 'modelAway' | 'budgetReached' | 'turnFailed' | 'personWanted',
): Promise<void> {
  const { start, ledger } = conversation.state;
  const last = conversation.state.taskFor;
  if (last?.why === why && conversation.state.tasks.at(-1) === last.ref) return;
  const minted = mint(conversation.state, 'T');
  conversation.apply(() => ({ ...enterTask(minted.state, minted.ref), taskFor: { why, ref: minted.ref } }));
  await store.openStaffTask({
    tenantId: start.tenantId,
    environment: start.environment,
    taskId: `${start.conversationId}.${minted.ref}`,
    conversationId: start.conversationId,
    kind: 'conversationFailed',
    summary: 'The agent could not finish this turn alone. Read the conversation and call back.',
    detail: { turn, why, ledger },
  });
}
