import type { IncomingHttpHeaders } from 'node:http';
import { eventsOnly, json, methodNotAllowed, notFoundPage, Refusal, type Answer } from './answer.js';
import { accessDenied, authenticate } from './authentication.js';
import { deprecationOf, highVolumeAdvice, type Deprecated } from './deprecation.js';
import { matchRoute } from './routes/routes.js';
import { queryOf } from './routes/query.js';
import type { Simulation } from './simulation.js';

export interface ApiRequest {
  readonly method: string;
  /** Below `/api/public`. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ApiReply {
  readonly answer: Answer;
  readonly projectId: string | null;
}

const health = json(200, { status: 'OK', version: '4.16.0' });

/**
 * One request of the public API. The checks come in the server's order: method, mode, keys, rate limit, validation, handler (langfuse.md 1),
 * so that a wrong key gets 404 from a v1 path in `events_only`, and a 400 costs a point.
 */
export function answerApi(simulation: Simulation, request: ApiRequest): ApiReply {
  const { method, path } = request;
  if (path === '/health' || path === '/ready')
    return { answer: method === 'GET' ? health : methodNotAllowed, projectId: null };
  const match = matchRoute(method, path);
  if (!match) return { answer: notFoundPage, projectId: null };
  const { route, parts } = match;
  if (!route) return { answer: methodNotAllowed, projectId: null };
  const { switches } = simulation;
  if (route.deprecated && switches.mode === 'events_only')
    return { answer: marked(eventsOnly, route.deprecated, switches.cloud), projectId: null };

  let projectId: string | null = null;
  try {
    const caller = authenticate(simulation, request.headers.authorization);
    const nowMs = simulation.clock.nowMs();
    const call = {
      simulation,
      query: queryOf(request.parameters),
      parts,
      headers: request.headers,
      body: request.body,
      nowMs,
    };
    if (caller.kind === 'publicKey') return { answer: route.bearer?.(call) ?? accessDenied, projectId };
    const { project } = caller;
    projectId = project.id;
    const limited =
      route.bucket &&
      simulation.limiter.take(
        project.organisation.id,
        route.bucket,
        switches,
        nowMs,
        route.bucket === 'legacy'
          ? highVolumeAdvice(`/api/public${route.pattern.replace('*', '{id}')}`)
          : null,
      );
    if (limited) return { answer: limited, projectId };
    project.store.settle(nowMs);
    const answer = route.handle({ ...call, project });
    project.store.settle(nowMs);
    return {
      answer:
        answer.status === 200 && route.deprecated ? marked(answer, route.deprecated, switches.cloud) : answer,
      projectId,
    };
  } catch (error) {
    if (error instanceof Refusal) return { answer: error.answer, projectId };
    throw error;
  }
}

const marked = (answer: Answer, endpoint: Deprecated, cloud: boolean): Answer =>
  cloud ? { ...answer, body: { ...(answer.body as object), _deprecation: deprecationOf(endpoint) } } : answer;
