import { z } from 'zod';
import { outcomes } from '../../../domain/outcome.js';
import { searchTermsOf } from '../../../domain/search/search-terms.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { hit, session, sessionView, traceView, wholeTrace } from './shapes.js';

/** Ids of Langfuse's clients have up to 800 characters (langfuse.md 3). */
const params = z.strictObject({ id: z.string().min(1).max(800) });

/** What is to be found in the transcript. Each word or phrase is a query of its own. */
const mostTerms = 10;
const said = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform(searchTermsOf)
  .refine((terms) => terms.length <= mostTerms, `has more than ${mostTerms} words and phrases`)
  .optional();

export const listSessions = tenantRoute({
  method: 'get',
  path: '/api/sessions',
  role: 'viewer',
  summary:
    'Sessions of imported traces by their last activity, newest first; `q` finds words, "phrases" and begin* in what was said',
  query: z.strictObject({
    outcome: z.enum(outcomes).optional(),
    agent: z.string().max(200).optional(),
    userId: z.string().max(800).optional(),
    withErrors: z.stringbool().optional(),
    fromMs: z.coerce.number().int().optional(),
    toMs: z.coerce.number().int().optional(),
    q: said,
    ...pageQuery,
  }),
  answers: {
    200: z.object({
      sessions: z.array(
        session.extend({
          /** With `q` up to three turns in which it is said. */
          hits: z.array(hit),
        }),
      ),
      nextCursor,
    }),
  },
  handle: async ({ tenant, environment, query: { limit, cursor, q, ...filter } }, { store }) => {
    const page = await store.sessions.list(
      tenant.slug,
      environment,
      { ...filter, said: q },
      { limit, cursor },
    );
    const ids = page.rows.map(({ sessionId }) => sessionId);
    const hits = q && (await store.sessions.hits(tenant.slug, environment, ids, q));
    const sessions = page.rows.map((row) => ({ ...sessionView(row), hits: hits?.get(row.sessionId) ?? [] }));
    return { status: 200, body: { sessions, nextCursor: page.nextCursor } };
  },
});

/** A page of turns: bodies are long, and a session id may hold thousands together. */
const mostTurns = 50;

export const getSession = tenantRoute({
  method: 'get',
  path: '/api/sessions/{id}',
  role: 'viewer',
  summary:
    'A session with its turns, by its id, by one that was merged into it, by its id at Langfuse, or by one of its traces or observations',
  params,
  query: z.strictObject({ fromTurn: z.coerce.number().int().min(0).default(0) }),
  answers: {
    200: session.extend({
      changes: z.array(
        z.object({
          kind: z.enum(['merged', 'split', 'ended']),
          sessionId: z.string(),
          otherId: z.string().nullable(),
          atMs: z.number(),
        }),
      ),
      turnList: z.array(
        wholeTrace.extend({
          latencyMs: z.number().nullable(),
          errors: z.number(),
          outcome: z.enum(outcomes),
        }),
      ),
      /** `fromTurn` of the next page; null on the last one. */
      nextTurn: z.number().nullable(),
    }),
  },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, environment, params: { id }, query: { fromTurn } }, { store }) => {
    const found = await store.sessions.find(tenant.slug, environment, id);
    if (!found) throw new Problem('RecordNotFound');
    const { sessionId } = found;
    const turns = await store.sessions.turns(tenant.slug, environment, sessionId);
    const shown = turns.slice(fromTurn, fromTurn + mostTurns);
    const ids = shown.map(({ traceId }) => traceId);
    const whole = new Map(
      (await store.traceReads.whole(tenant.slug, environment, ids)).map((one) => [one.trace.traceId, one]),
    );
    const turnList = shown.flatMap(({ traceId, facts }) => {
      const one = whole.get(traceId);
      if (!one) return [];
      const { latencyMs, total, outcome } = facts;
      return [{ ...traceView(one), latencyMs, errors: total.errors, outcome: outcome.outcome }];
    });
    const end = fromTurn + mostTurns;
    const changes = await store.sessions.changes(tenant.slug, environment, sessionId);
    const nextTurn = end < turns.length ? end : null;
    return { status: 200, body: { ...sessionView(found), changes, turnList, nextTurn } };
  },
});

export const getTrace = tenantRoute({
  method: 'get',
  path: '/api/traces/{id}',
  role: 'viewer',
  summary: 'An imported trace with all that was said and its observations',
  params,
  answers: { 200: wholeTrace },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, environment, params: { id } }, { store }) => {
    const [trace] = await store.traceReads.whole(tenant.slug, environment, [id]);
    if (!trace) throw new Problem('RecordNotFound');
    return { status: 200, body: traceView(trace) };
  },
});
