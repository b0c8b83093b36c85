import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitInfo } from 'express-rate-limit';
import { bearerToken } from './auth/authorise.js';
import { correlationIdOf } from './correlation.js';
import { Problem, sendProblem } from './problems.js';
import type { ApiServices } from './services.js';

const minuteMs = 60_000;

/**
 * Calls of one user in a minute; without a token, of one address. A telephone gateway speaks for all callers of a practice as one user,
 * and `bench turn-latency` sends about 2,000 turns a minute.
 */
const callsPerMinute = 3_000;

/** Failed logins from one address in a quarter of an hour; an account is locked earlier than that. */
const failedLoginsPerWindow = 30;
const loginWindowMs = 15 * minuteMs;

export const limitCalls = ({ tokens }: Pick<ApiServices, 'tokens'>): RequestHandler =>
  limited({
    limit: callsPerMinute,
    windowMs: minuteMs,
    keyGenerator: (request) => {
      const token = bearerToken(request);
      const claims = token === null ? null : tokens.read(token);
      return claims === null ? addressOf(request) : `user:${claims.userId}`;
    },
  });

/** Guessing costs; a gateway that logs in again and again with the right password does not. */
export const limitFailedLogins = (): RequestHandler =>
  limited({
    limit: failedLoginsPerWindow,
    windowMs: loginWindowMs,
    keyGenerator: addressOf,
    skipSuccessfulRequests: true,
  });

const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '');

const limited = (options: {
  readonly limit: number;
  readonly windowMs: number;
  readonly keyGenerator: (request: Request) => string;
  readonly skipSuccessfulRequests?: boolean;
}): RequestHandler =>
  rateLimit({
    ...options,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request: Request & { rateLimit?: RateLimitInfo }, response: Response) => {
      const resetMs = request.rateLimit?.resetTime?.getTime() ?? Date.now() + options.windowMs;
      sendProblem(
        response,
        new Problem('RateLimited', { retryAfterSeconds: (resetMs - Date.now()) / 1_000 }),
        request.originalUrl.split('?')[0] ?? '',
        correlationIdOf(response),
      );
    },
  });
