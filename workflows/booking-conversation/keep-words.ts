import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import type { CallerMessage } from './messages.js';

/** Keeps what the caller said where no model step writes it. Messages that the transcript has already are not written twice. */
export async function keepWords({ state }: Conversation, messages: readonly CallerMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const { start, promptBundle, turn } = state;
  const { tenantId, conversationId } = start;
  const entryId = `t${turn + 1}.kept`;
  await store.keepCallerWords({ tenantId, conversationId, entryId, promptBundle, messages });
}
