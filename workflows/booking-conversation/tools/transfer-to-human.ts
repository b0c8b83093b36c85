import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { enterTask, mint } from '../state.js';
import { done } from './answers.js';

/** Leaves a task for the practice's staff with the model's summary and what was really done. */
export async function transferToHuman(
  conversation: Conversation,
  input: ToolInputs['transfer_to_human'],
): Promise<ToolAnswer> {
  const minted = mint(conversation.state, 'T');
  conversation.apply(() => minted.state);
  const { start, ledger } = conversation.state;
  await store.openStaffTask({
    tenantId: start.tenantId,
    environment: start.environment,
    taskId: `${start.conversationId}.${minted.ref}`,
    conversationId: start.conversationId,
    kind: 'transfer',
    summary: input.summary,
    detail: { reason: input.reason, ledger },
  });
  conversation.apply((state) => enterTask(state, minted.ref));
  return done({ task: minted.ref });
}
