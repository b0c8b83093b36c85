import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { findConversation, stillPending } from './answers.js';
import { keptReply } from './kept-reply.js';
import { messageParams, pending, reply, waitMs } from './shapes.js';

export const getReply = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}/messages/{messageId}',
  role: 'viewer',
  summary: 'The reply to a message, or 202 while it is being worked on',
  params: messageParams,
  query: z.strictObject({ waitMs: waitMs.default(0) }),
  answers: { 200: reply, 202: pending },
  failures: ['ConversationNotFound', 'MessageNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async (
    { tenant, environment, params: { id, messageId }, query, correlate },
    { store, conversations },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await findConversation(store, tenant.slug, environment, id);
    const state = await conversations.reply(tenant.slug, id, messageId, query.waitMs);
    if (state.kind === 'replied') return { status: 200, body: state.reply };
    if (state.kind === 'pending') return stillPending(id, messageId);
    const kept = keptReply(await store.transcript.load(tenant.slug, id), messageId, found);
    if (!kept) throw new Problem('MessageNotFound');
    return { status: 200, body: kept };
  },
});
