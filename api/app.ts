import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { failures } from '../domain/failures.js';
import { refineLogContext } from '../platform/logger/log-context.js';
import { authorise } from './auth/authorise.js';
import { mountCodec } from './codec.js';
import { sendEventStream } from './events/event-stream.js';
import { correlate, correlationIdOf, logTraffic, setCorrelation } from './correlation.js';
import { columnsOf, csvOf } from './csv.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi.js';
import { Problem, sendProblem, toProblem, validationProblem } from './problems.js';
import { limitCalls, limitFailedLogins } from './rate-limits.js';
import type { Route } from './route.js';
import { routes } from './routes/index.js';
import type { ApiServices } from './services.js';

const bodyLimit = '64kb';

/** The pages of this server hold text and one style; the rest is JSON. */
const pageRules: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};

/** Builds the app; it does not listen, so that a test can mount it. */
export function createApp(services: ApiServices): Express {
  const app = express();
  let description: ReturnType<typeof openApiDocument> | undefined;
  app.disable('x-powered-by');
  app.use(correlate, logTraffic(services), helmet(pageRules));
  // Made when it is first asked for: each start of the API would pay for it.
  app.get('/openapi.json', (_request, response) => {
    response.json((description ??= openApiDocument(routes)));
  });
  app.get('/docs', (_request, response) => void response.type('html').send(docsPage(routes)));
  app.use(['/api', '/codec'], limitCalls(services));
  app.use('/api/auth/login', limitFailedLogins());
  mountCodec(app, services);
  for (const route of routes.filter((known) => known.bodyLimit !== undefined)) {
    app[route.method](
      expressPath(route.path),
      requireJson,
      authorised(route, services),
      json(route.bodyLimit),
    );
  }
  app.use(requireJson, json(bodyLimit));
  for (const route of routes) app[route.method](expressPath(route.path), handler(route, services));
  for (const [path, methods] of methodsByPath()) {
    app.all(path, (_request, response) => {
      response.setHeader('Allow', methods.join(', '));
      throw new Problem('MethodNotAllowed', { detail: `This route takes ${methods.join(', ')}.` });
    });
  }
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

function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes) {
    const express = expressPath(path);
    methods.set(express, [...(methods.get(express) ?? []), method.toUpperCase()]);
  }
  return methods;
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** A body in another format would be ignored by the parser and read as absent: say so instead. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is('application/json')) throw new Problem('UnsupportedMediaType');
  next();
}

const json = (limit: string = bodyLimit): ReturnType<typeof express.json> =>
  express.json({ limit, type: 'application/json' });

/** Nobody without a right to the route makes us read megabytes. */
const authorised =
  (route: Route, services: ApiServices) =>
  async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    await authorise(route, request, services);
    next();
  };

const handler = (route: Route, services: ApiServices) => {
  const columns = route.csv === undefined ? [] : columnsOf(route.answers[200], route.csv);
  return async (request: Request, response: Response): Promise<void> => {
    const scope = await authorise(route, request, services);
    if (scope.tenant) refineLogContext({ tenantId: scope.tenant.slug });
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await route.handle(
      {
        ...scope,
        params: parse(route.params, request.params),
        headers: parse(route.headers, request.headers),
        query: parse(route.query, request.query),
        body: parse(route.body, request.body),
        ip: request.ip ?? '',
        correlationId: correlationIdOf(response),
        correlate: (id) => setCorrelation(response, id),
        lastEventId: request.get('last-event-id'),
        gone: gone.signal,
      },
      services,
    );
    if (Symbol.asyncIterator in answer) {
      await sendEventStream(response, answer, gone.signal);
      return;
    }
    response.status(answer.status);
    // What the schema does not name is left out: a row may hold more than its reader may see.
    const schema = route.answers[answer.status];
    if (!schema) response.end();
    else if (route.csv !== undefined && request.query['format'] === 'csv') {
      const { [route.csv]: rows } = schema.parse(answer.body) as Record<string, Record<string, unknown>[]>;
      response.type('text/csv').send(csvOf(columns, rows ?? []));
    } else response.json(schema.parse(answer.body));
  };
};

function parse(schema: Route['body'], value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw validationProblem(parsed.error);
  return parsed.data;
}

function answerProblem(error: unknown, request: Request, response: Response, { loggers }: ApiServices): void {
  const problem = toProblem(error);
  const correlationId = correlationIdOf(response);
  const { status } = failures[problem.failure];
  // 5xx is ours to repair: the log has the cause, the caller has the id.
  if (status >= 500) {
    loggers.log.error('request failed', {
      failure: problem.failure,
      error: problem.cause ?? problem,
    });
  }
  sendProblem(response, problem, request.originalUrl.split('?')[0] ?? '', correlationId);
}
