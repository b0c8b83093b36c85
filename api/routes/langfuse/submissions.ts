import { z } from 'zod';
import { ownEventStates } from '../../../platform/store/langfuse/own-trace-events.js';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { ownConfig } from './shapes.js';

export const listSubmissions = tenantRoute({
  method: 'get',
  path: '/api/langfuse-configs/{id}/submissions',
  role: 'viewer',
  summary:
    'Events of our own conversations for this project in one state, newest first, without their texts; refused ones with the reason',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({ ...pageQuery, state: z.enum(ownEventStates).default('refused') }),
  answers: {
    200: z.object({
      events: z.array(
        z.object({
          eventId: z.string(),
          conversationId: z.string(),
          turn: z.number(),
          kind: z.enum(['turn', 'generation', 'tool', 'score']),
          traceId: z.string(),
          state: z.enum(ownEventStates),
          /** Null before it was sent, and for what the server certainly has nothing of. */
          way: z.enum(['ingestion', 'otlp']).nullable(),
          reason: z.string().nullable(),
          createdAtMs: z.number(),
          settledAtMs: z.number().nullable(),
        }),
      ),
      nextCursor,
    }),
  },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const config = await ownConfig(call, call.params.id, services);
    const { state, ...page } = call.query;
    const found = await services.store.ownTraceEvents.list(config, state, page);
    return { status: 200, body: { events: found.rows, nextCursor: found.nextCursor } };
  },
});
