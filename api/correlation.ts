import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { refineLogContext, withLogContext } from '../platform/logger/log-context.js';
import type { ApiServices } from './services.js';

/** Gives the request an id, which all its log lines carry: a random one, until a route of a conversation replaces it by the workflow id. */
export function correlate(_request: Request, response: Response, next: NextFunction): void {
  const requestId = randomUUID();
  response.locals['requestId'] = requestId;
  withLogContext({ correlationId: requestId }, () => {
    setCorrelation(response, requestId);
    next();
  });
}

export const correlationIdOf = (response: Response): string => String(response.locals['correlationId']);

export function setCorrelation(response: Response, correlationId: string): void {
  response.locals['correlationId'] = correlationId;
  response.setHeader('X-Correlation-Id', correlationId);
  refineLogContext({ correlationId });
}

/**
 * One line a request and one an answer: method, path without its query, status, time. Never bodies. `requestId` joins the two, because
 * the request line is written before the workflow is known.
 */
export const logTraffic =
  ({ loggers }: Pick<ApiServices, 'loggers'>): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    const about = {
      method: request.method,
      path: request.path,
      requestId: String(response.locals['requestId']),
    };
    // Supervisors and load balancers ask every few seconds; their lines would bury the callers'.
    const level = request.path.startsWith('/health/') ? 'debug' : 'info';
    loggers.httpRequest.log(level, 'request', about);
    response.on('close', () => {
      loggers.httpResponse.log(level, 'response', {
        ...about,
        // A caller that hung up got no status.
        status: response.writableFinished ? response.statusCode : null,
        latencyMs: Math.round(performance.now() - startedAt),
      });
    });
    next();
  };
