import { z } from 'zod';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';

export const lookUp = tenantRoute({
  method: 'get',
  path: '/api/lookup/{id}',
  role: 'viewer',
  summary:
    'What an id is: of a session, of ours or of Langfuse, of a trace, an observation or a conversation, and where to read it',
  // Ids of Langfuse's clients have up to 800 characters (langfuse.md 3).
  params: z.strictObject({ id: z.string().min(1).max(800) }),
  answers: {
    200: z.object({
      found: z.array(
        z.object({
          kind: z.enum(['session', 'trace', 'observation', 'conversation']),
          /** Of the session, trace or conversation; of an observation its trace's. */
          id: z.string(),
          path: z.string(),
        }),
      ),
    }),
  },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, environment, params: { id } }, { store }) => {
    const session = await store.sessions.find(tenant.slug, environment, id);
    const { traceIds, observedIn } = await store.traceReads.named(tenant.slug, environment, id);
    const conversation = await store.conversations.get(tenant.slug, environment, id);
    const at = (place: string, found: string): string => `/api/${place}/${encodeURIComponent(found)}`;
    const found = [
      ...(session
        ? [{ kind: 'session' as const, id: session.sessionId, path: at('sessions', session.sessionId) }]
        : []),
      ...traceIds.map((traceId) => ({ kind: 'trace' as const, id: traceId, path: at('traces', traceId) })),
      ...observedIn.map((traceId) => ({
        kind: 'observation' as const,
        id: traceId,
        path: at('traces', traceId),
      })),
      ...(conversation ? [{ kind: 'conversation' as const, id, path: at('conversations', id) }] : []),
    ];
    if (found.length === 0) throw new Problem('RecordNotFound');
    return { status: 200, body: { found } };
  },
});
