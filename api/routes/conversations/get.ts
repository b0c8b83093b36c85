import { conversationWorkflowId } from '../../../workflows/ids.js';
import { tenantRoute } from '../../route.js';
import { findConversation, withWorkflowId } from './answers.js';
import { settleBrokenOff } from './settle-broken-off.js';
import { conversationWithState, params } from './shapes.js';

export const getConversation = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}',
  role: 'viewer',
  summary: 'A conversation with its live state',
  params,
  answers: { 200: conversationWithState },
  failures: ['ConversationNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async ({ tenant, environment, params: { id }, correlate }, services) => {
    const { store, conversations } = services;
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await findConversation(store, tenant.slug, environment, id);
    const [row = found] = await settleBrokenOff([found], services);
    const last = await conversations.state(tenant.slug, id);
    // A workflow that was terminated answers with the state that it had.
    const { status, outcome, closeReason } = row;
    const state = last && row !== found ? { ...last, status, outcome, closeReason } : last;
    return { status: 200, body: { ...withWorkflowId(row), state } };
  },
});
