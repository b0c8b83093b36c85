import type { z } from 'zod';
import type { Environment } from '../../../domain/tenant.js';
import type { ConversationRow } from '../../../platform/store/conversations.js';
import type { Store } from '../../../platform/store/store.js';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { Problem } from '../../problems.js';
import type { pending } from './shapes.js';

/** The conversation of this tenant and environment; anybody else's does not exist here. Throws ConversationNotFound. */
export async function findConversation(
  store: Pick<Store, 'conversations'>,
  tenantId: string,
  environment: Environment,
  id: string,
): Promise<ConversationRow> {
  const found = await store.conversations.get(tenantId, environment, id);
  if (!found) throw new Problem('ConversationNotFound');
  return found;
}

/** The row with the id under which the Temporal UI shows it. */
export const withWorkflowId = (row: ConversationRow): ConversationRow & { readonly workflowId: string } => ({
  ...row,
  workflowId: conversationWorkflowId(row.tenantId, row.conversationId),
});

/** Where the reply to a message is, now or later. */
const statusUrl = (conversationId: string, messageId: string): string =>
  `/api/conversations/${conversationId}/messages/${messageId}`;

/** 202: the message was taken, its reply comes later. */
export const stillPending = (
  conversationId: string,
  messageId: string,
): { readonly status: 202; readonly body: z.output<typeof pending> } => ({
  status: 202,
  body: { messageId, status: 'pending', statusUrl: statusUrl(conversationId, messageId) },
});
