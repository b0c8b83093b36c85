import { z } from 'zod';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { withWorkflowId } from './answers.js';
import { settleBrokenOff } from './settle-broken-off.js';
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
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, services) => {
    const page = await services.store.conversations.list(tenant.slug, environment, filter, { limit, cursor });
    const rows = await settleBrokenOff(page.rows, services);
    return {
      status: 200,
      body: { conversations: rows.map(withWorkflowId), nextCursor: page.nextCursor },
    };
  },
});
