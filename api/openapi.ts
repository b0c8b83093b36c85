import {
  extendZodWithOpenApi,
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, type FailureType } from '../domain/failures.js';
import type { Route } from './route.js';

extendZodWithOpenApi(z);

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string(),
    correlationId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

/** Failures that a route can answer with besides those that it names. */
export function failuresOf(route: Route): readonly FailureType[] {
  const general: FailureType[] = ['RateLimited', 'Internal'];
  if (route.params ?? route.query ?? route.body ?? route.headers) general.push('ValidationFailed');
  if (route.body) general.push('MalformedBody', 'UnsupportedMediaType', 'BodyTooLarge');
  if (route.access !== 'public') general.push('Unauthenticated');
  if (route.access === 'admin' || route.role !== null) general.push('Forbidden');
  if (route.access === 'tenant') general.push('TenantForbidden', 'TenantInactive');
  return [...new Set([...(route.failures ?? []), ...general])];
}

/** The OpenAPI 3.1 document, from the same declarations that validate and authorise. */
export function openApiDocument(routes: readonly Route[]): object {
  const registry = new OpenAPIRegistry();
  const bearer = registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  for (const route of routes) registry.registerPath(pathOf(route, bearer.name));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Chairside',
      version: '0.1.0',
      description: 'Durable booking conversations for orthodontic practices. Errors are RFC 9457 problems.',
    },
  });
}

const tenantHeaders = z.object({
  'X-Tenant-Id': z
    .string()
    .optional()
    .openapi({ description: 'Tenant slug; may be left out by members of one tenant.' }),
  'X-Environment': z.enum(['sandbox', 'production']).optional(),
});

function pathOf(route: Route, bearer: string): RouteConfig {
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    {
      description: 'Success',
      ...(schema && {
        content: {
          [route.stream ? 'text/event-stream' : 'application/json']: { schema },
          ...(route.csv !== undefined && { 'text/csv': { schema: z.string() } }),
        },
      }),
    },
  ]);
  const byStatus = groupFailures(route);
  const problems = [...byStatus].map(([status, types]) => [
    String(status),
    {
      description: types.map((type) => `${type}: ${failures[type].title}`).join('. '),
      content: { 'application/problem+json': { schema: problem } },
    },
  ]);
  return {
    method: route.method,
    path: route.path,
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'service'],
    ...(route.access !== 'public' && { security: [{ [bearer]: [] }] }),
    request: {
      ...(route.params && { params: route.params }),
      ...(route.query && { query: route.query }),
      ...(route.access === 'tenant' && {
        headers: route.headers ? tenantHeaders.extend(route.headers.shape) : tenantHeaders,
      }),
      ...(route.body && {
        body: { required: true, content: { 'application/json': { schema: route.body } } },
      }),
    },
    responses: Object.fromEntries([...answers, ...problems]) as RouteConfig['responses'],
  };
}

function groupFailures(route: Route): ReadonlyMap<number, readonly FailureType[]> {
  const groups = new Map<number, FailureType[]>();
  for (const type of failuresOf(route)) {
    const { status } = failures[type];
    groups.set(status, [...(groups.get(status) ?? []), type]);
  }
  return groups;
}
