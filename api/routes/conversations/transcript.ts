import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { tenantRoute } from '../../route.js';
import { findConversation } from './answers.js';
import { params } from './shapes.js';
import { spokenLines } from './spoken-lines.js';

export const getTranscript = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}/transcript',
  role: 'viewer',
  summary: 'What the caller wrote and what they were really told, oldest first',
  params,
  answers: {
    200: z.object({
      lines: z.array(
        z.object({
          who: z.enum(['caller', 'agent', 'staff']),
          text: z.string(),
          atMs: z.number(),
          entryId: z.string(),
          promptBundle: z.string(),
          messageId: z.string().nullable(),
        }),
      ),
    }),
  },
  failures: ['ConversationNotFound'],
  handle: async ({ tenant, environment, params: { id }, correlate }, { store }) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    await findConversation(store, tenant.slug, environment, id);
    return { status: 200, body: { lines: spokenLines(await store.transcript.load(tenant.slug, id)) } };
  },
});
