import { conversationWorkflowId } from '../../../workflows/ids.js';
import { tenantRoute } from '../../route.js';
import { findConversation, withWorkflowId } from './answers.js';
import { conversationWithState, params } from './shapes.js';

export const getConversation = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}',
  role: 'viewer',
  summary: 'A conversation with its live state',
  params,
  answers: { 200: conversationWithState },
  failures: ['ConversationNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async ({ tenant, environment, params: { id }, correlate }, { store, conversations }) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await findConversation(store, tenant.slug, environment, id);
    const state = await conversations.state(tenant.slug, id);
    return { status: 200, body: { ...withWorkflowId(found), state } };
  },
});
