import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { tenantRoute } from '../../route.js';
import { findConversation } from './answers.js';
import { params } from './shapes.js';

export const bargeIn = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/barge-in',
  role: 'operator',
  summary:
    'The caller began to speak after hearing this many characters of the latest reply; a write under way goes on',
  params,
  body: z.strictObject({ heardChars: z.number().int().min(0).max(10_000) }),
  answers: { 204: undefined },
  failures: ['ConversationNotFound', 'ConversationClosed', 'TemporalUnavailable'],
  handle: async ({ tenant, environment, params: { id }, body, correlate }, { store, conversations }) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    await findConversation(store, tenant.slug, environment, id);
    await conversations.bargeIn(tenant.slug, id, body.heardChars);
    return { status: 204 };
  },
});
