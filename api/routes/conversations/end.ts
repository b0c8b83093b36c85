import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { tenantRoute } from '../../route.js';
import { findConversation, withWorkflowId } from './answers.js';
import { conversationWithState, params } from './shapes.js';

export const endConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/end',
  role: 'operator',
  summary: 'Ends a conversation and gives its holds back; 202 while a booking under way is finished first',
  params,
  body: z.strictObject({ reason: z.string().trim().min(1).max(200).default('ended by an operator') }),
  answers: { 200: conversationWithState, 202: conversationWithState },
  failures: ['ConversationNotFound', 'WorkerUnavailable', 'TemporalUnavailable', 'OutcomeUnknown'],
  handle: async (
    { tenant, environment, params: { id }, body, correlate },
    { store, conversations, clock },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const find = () => findConversation(store, tenant.slug, environment, id);
    if ((await find()).status === 'closed') {
      return { status: 200, body: { ...withWorkflowId(await find()), state: null } };
    }
    const ending = await conversations.end(tenant.slug, id, body.reason);
    if (ending.kind === 'neverStarted') {
      const closed = { status: 'closed', closeReason: body.reason, closedAtMs: clock.nowMs() } as const;
      await store.conversations.update(tenant.slug, id, closed);
    }
    const state = ending.kind === 'ended' ? ending.state : null;
    const status = ending.kind === 'ending' ? 202 : 200;
    return { status, body: { ...withWorkflowId(await find()), state } };
  },
});
