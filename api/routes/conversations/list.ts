import { z } from 'zod';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { withWorkflowId } from './answers.js';
import { channel, conversation, outcome, status } from './shapes.js';

export const listConversations = tenantRoute({
  method: 'get',
  path: '/api/conversations',
  role: 'viewer',
  summary: 'Conversations, newest first',
  query: z.strictObject({
    status: status.optional(),
    outcome: outcome.optional(),
    channel: channel.optional(),
    ...pageQuery,
  }),
  answers: { 200: z.object({ conversations: z.array(conversation), nextCursor }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const page = await store.conversations.list(tenant.slug, environment, filter, { limit, cursor });
    return {
      status: 200,
      body: { conversations: page.rows.map(withWorkflowId), nextCursor: page.nextCursor },
    };
  },
});
