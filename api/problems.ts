import type { Response } from 'express';
import { z } from 'zod';
import { failures, isFailureType, type FailureType } from '../domain/failures.js';
import { Conflict, NotFound } from '../platform/store/errors.js';

/** A field of the request that does not fit, by its path in the body, query, parameters or headers. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An error that a route answers with on purpose. `detail` is for the caller: our words, no personal data. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly failure: FailureType;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    failure: FailureType,
    about: {
      readonly detail?: string | undefined;
      readonly retryAfterSeconds?: number;
      readonly errors?: readonly FieldError[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(failures[failure].title, about.cause === undefined ? undefined : { cause: about.cause });
    this.failure = failure;
    this.detail = about.detail;
    this.retryAfterSeconds = about.retryAfterSeconds;
    this.errors = about.errors;
  }
}

/** How long a caller should leave a failure alone that says nothing better. */
const defaultRetryAfterSeconds = 5;

/** Turns whatever a route threw into a row of the failure table. What it does not know is `Internal`, whose cause is logged, never sent. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof z.ZodError) return validationProblem(error);
  if (error instanceof NotFound) return new Problem('RecordNotFound', { cause: error });
  if (error instanceof Conflict) return new Problem('Conflict', { detail: error.message, cause: error });
  // Express could not decode the path: `%E0%A4%A` is no text.
  if (error instanceof URIError) return new Problem('RouteNotFound', { cause: error });
  const bodyFailure = bodyParserFailure(error);
  if (bodyFailure !== undefined) return new Problem(bodyFailure, { cause: error });
  return typedFailure(error) ?? new Problem('Internal', { cause: error });
}

/** 422 that names every field that does not fit. */
export const validationProblem = (error: z.ZodError): Problem =>
  new Problem('ValidationFailed', {
    errors: error.issues.map((issue) => ({ path: issue.path.join('.') || '(body)', message: issue.message })),
  });

/** Express' JSON parser marks its errors with a type of its own. */
function bodyParserFailure(error: unknown): FailureType | undefined {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
    case 'request.aborted':
    case 'request.size.invalid':
      return 'MalformedBody';
    case 'entity.too.large':
      return 'BodyTooLarge';
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return 'UnsupportedMediaType';
    default:
      return undefined;
  }
}

/** The failure that an update or a platform part threw as `ApplicationFailure`, wherever it is in the chain of causes. Its words are ours. */
function typedFailure(error: unknown): Problem | undefined {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 6; link = link.cause, depth++) {
    const type = 'type' in link ? String(link.type) : undefined;
    if (isFailureType(type)) return new Problem(type, { detail: link.message || undefined, cause: error });
  }
  return undefined;
}

/** What `type` of a problem says; stable, so that clients may branch on it. */
const problemType = (failure: FailureType): string => `urn:chairside:problem:${failure}`;

/** Answers with RFC 9457 problem JSON. */
export function sendProblem(
  response: Response,
  problem: Problem,
  instance: string,
  correlationId: string,
): void {
  const { status, title, retry } = failures[problem.failure];
  const retryAfter = problem.retryAfterSeconds ?? (retry === 'never' ? undefined : defaultRetryAfterSeconds);
  if (retryAfter !== undefined && (status === 429 || status === 503))
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: problemType(problem.failure),
        title,
        status,
        ...(problem.detail !== undefined && { detail: problem.detail }),
        instance,
        correlationId,
        ...(problem.errors && { errors: problem.errors }),
      }),
    );
}
