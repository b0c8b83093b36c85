import { randomUUID } from 'node:crypto';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { failures } from '../domain/failures.js';
import { authorise } from './auth/authorise.js';
import { mountCodec } from './codec.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi.js';
import { Problem, sendProblem, toProblem, validationProblem } from './problems.js';
import type { Route } from './route.js';
import { routes } from './routes/index.js';
import type { ApiServices } from './services.js';

const bodyLimit = '64kb';
/** Logins from one address in a quarter of an hour; an account is locked earlier than that. */
const loginsPerWindow = 30;
const windowMs = 15 * 60_000;
/** Calls of one address in a minute: far above what a person or a telephone gateway needs. */
const callsPerMinute = 1_200;

/** Builds the app; it does not listen, so that a test can mount it. */
export function createApp(services: ApiServices): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(correlate, logTraffic(services), helmet());
  app.get('/openapi.json', (_request, response) => void response.json(openApiDocument(routes)));
  app.get('/docs', (_request, response) => void response.type('html').send(docsPage(routes)));
  app.use('/api', limited(callsPerMinute, 60_000));
  app.use('/api/auth/login', limited(loginsPerWindow, windowMs));
  mountCodec(app, services);
  app.use(requireJson, express.json({ limit: bodyLimit, type: 'application/json' }));
  for (const route of routes) app[route.method](expressPath(route.path), handler(route, services));
  app.use((request: Request) => {
    throw new Problem('RouteNotFound', {
      detail: `${request.method} ${request.path} is not a route. See /docs.`,
    });
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    answerProblem(error, request, response, services);
  });
  return app;
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const correlationIdOf = (response: Response): string => String(response.locals['correlationId']);

function correlate(_request: Request, response: Response, next: NextFunction): void {
  setCorrelation(response, randomUUID());
  next();
}

function setCorrelation(response: Response, id: string): void {
  response.locals['correlationId'] = id;
  if (!response.headersSent) response.setHeader('X-Correlation-Id', id);
}

/** One line a request and one an answer: method, path without its query, status, time. Never bodies. */
const logTraffic =
  ({ loggers }: ApiServices): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    const about = { method: request.method, path: request.path };
    loggers.httpRequest.info('request', { ...about, correlationId: correlationIdOf(response) });
    response.on('finish', () => {
      loggers.httpResponse.info('response', {
        ...about,
        status: response.statusCode,
        latencyMs: Math.round(performance.now() - startedAt),
        correlationId: correlationIdOf(response),
      });
    });
    next();
  };

const limited = (limit: number, perMs: number): RequestHandler =>
  rateLimit({
    limit,
    windowMs: perMs,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) => {
      sendProblem(
        response,
        new Problem('RateLimited', { retryAfterSeconds: Math.ceil(perMs / 1_000) }),
        request.originalUrl,
        correlationIdOf(response),
      );
    },
  });

/** A body in another format would be ignored by the parser and read as absent: say so instead. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw new Problem('UnsupportedMediaType');
  next();
}

const handler =
  (route: Route, services: ApiServices): RequestHandler =>
  async (request, response) => {
    const scope = await authorise(route, request, services);
    const answer = await route.handle(
      {
        ...scope,
        params: parse(route.params, request.params),
        query: parse(route.query, request.query),
        body: parse(route.body, request.body),
        ip: request.ip ?? '',
        correlationId: correlationIdOf(response),
        correlate: (id) => setCorrelation(response, id),
        request,
      },
      services,
    );
    response.status(answer.status);
    if (answer.body === undefined) response.end();
    else response.json(answer.body);
  };

function parse(schema: Route['body'], value: unknown): unknown {
  if (!schema) return {};
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw validationProblem(parsed.error);
  return parsed.data;
}

function answerProblem(error: unknown, request: Request, response: Response, { loggers }: ApiServices): void {
  const problem = toProblem(error);
  const correlationId = correlationIdOf(response);
  const { status } = failures[problem.failure];
  // 5xx is ours to repair: the log has the cause, the caller has the id.
  if (status >= 500)
    loggers.log.error('request failed', {
      correlationId,
      failure: problem.failure,
      error: problem.cause ?? problem,
    });
  sendProblem(response, problem, request.originalUrl.split('?')[0] ?? '', correlationId);
}
