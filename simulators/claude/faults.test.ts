import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  AnthropicError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { request, serve, type Served } from './testing/sdk-client.js';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

/** What the vendor's client throws at a fault. */
const thrown = async (fault: string, more: object = {}): Promise<unknown> => {
  await served.play({ fault, ...more });
  return served.client.messages.create(request()).then(
    () => 'answered',
    (error: unknown) => error,
  );
};

const streamed = async (fault: string, signal = AbortSignal.timeout(5_000)): Promise<unknown> => {
  await served.play({ fault });
  return served.client.messages
    .stream(request(), { signal })
    .finalMessage()
    .then(
      () => 'answered',
      (error: unknown) => error,
    );
};

describe('an error answer is what the SDK takes it for', () => {
  test.each([
    ['400', Anthropic.BadRequestError, 400, 'invalid_request_error'],
    ['401', Anthropic.AuthenticationError, 401, 'authentication_error'],
    ['402', Anthropic.APIError, 402, 'billing_error'],
    ['403', Anthropic.PermissionDeniedError, 403, 'permission_error'],
    ['404', Anthropic.NotFoundError, 404, 'not_found_error'],
    ['408', Anthropic.APIError, 408, 'timeout_error'],
    ['409', Anthropic.ConflictError, 409, 'conflict_error'],
    ['413', Anthropic.APIError, 413, 'request_too_large'],
    ['422', Anthropic.UnprocessableEntityError, 422, 'invalid_request_error'],
    ['429', Anthropic.RateLimitError, 429, 'rate_limit_error'],
    ['431', Anthropic.APIError, 431, 'invalid_request_error'],
    ['499', Anthropic.APIError, 499, 'invalid_request_error'],
    ['500', Anthropic.InternalServerError, 500, 'api_error'],
    ['501', Anthropic.InternalServerError, 501, 'api_error'],
    ['502', Anthropic.InternalServerError, 502, 'api_error'],
    ['503', Anthropic.InternalServerError, 503, 'api_error'],
    ['504', Anthropic.InternalServerError, 504, 'timeout_error'],
    ['529', Anthropic.InternalServerError, 529, 'overloaded_error'],
  ] as const)('%s', async (fault, type, status, kind) => {
    const error = await thrown(fault);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, type: kind });
    expect((error as APIError).requestID).toMatch(/^req_/);
  });

  const header = async (name: string, fault: string, more: object = {}): Promise<string | null | undefined> =>
    ((await thrown(fault, more)) as APIError).headers?.get(name);

  it('says how long to wait, or does not', async () => {
    expect(await header('retry-after', '429')).toBe('3');
    expect(await header('retry-after', '429-long')).toBe('900');
    expect(await header('retry-after', '429-bare')).toBeNull();
    expect(await header('retry-after', '429', { retryAfterSeconds: 7 })).toBe('7');
    expect(await header('retry-after-ms', '529', { headers: { 'retry-after-ms': '250' } })).toBe('250');
  });

  it('hints at retries against the table', async () => {
    expect(await header('x-should-retry', '529-no-retry')).toBe('false');
    expect(await header('x-should-retry', '400-retry')).toBe('true');
  });

  it('tells spent money from haste by its code', async () => {
    expect(await thrown('429-spend')).toMatchObject({ errorCode: 'enforced_spend_limit_reached' });
    expect(await thrown('429-ramp')).toMatchObject({ errorCode: 'ramp_limit_exceeded' });
  });
});

describe('an answer with a bad end', () => {
  test.each([
    ['truncated', 'max_tokens', 'tool_use'],
    ['truncatedText', 'max_tokens', 'text'],
    ['refusal', 'refusal', undefined],
    ['empty', 'end_turn', undefined],
    ['pauseTurn', 'pause_turn', 'text'],
    ['contextExceeded', 'model_context_window_exceeded', undefined],
    ['unknownStop', 'something_new', 'text'],
  ] as const)('%s stops with %s, streamed or not', async (fault, stopReason, firstBlock) => {
    await served.play({ fault }, { fault });
    const whole = await served.client.messages.create(request());
    const inParts = await served.client.messages.stream(request()).finalMessage();
    for (const message of [whole, inParts]) {
      expect(message.stop_reason).toBe(stopReason);
      expect(message.content[0]?.type).toBe(firstBlock);
    }
  });

  it('says of a refusal what is known, and bills it', async () => {
    await served.play({ fault: 'refusal' });
    const { stop_details: details, usage } = await served.client.messages.create(request());
    expect(details).toMatchObject({ type: 'refusal', category: null });
    expect(usage.input_tokens).toBeGreaterThan(0);
  });
});

describe('a fault of the wire', () => {
  it('breaks the JSON, the connection before the answer, or the connection within it', async () => {
    expect(await thrown('malformed')).toBeInstanceOf(SyntaxError);
    expect(await thrown('reset')).toBeInstanceOf(APIConnectionError);
    expect(await thrown('resetBody')).toBeInstanceOf(Error);
  });

  it('withholds the headers until the timeout of the SDK', async () => {
    await served.play({ fault: 'stallHeaders' });
    await expect(served.client.messages.create(request(), { timeout: 150 })).rejects.toBeInstanceOf(
      APIConnectionTimeoutError,
    );
  });

  it('withholds the body, which the timeout of the SDK does not cover and only a signal ends', async () => {
    await served.play({ fault: 'stallBody' });
    const began = performance.now();
    await expect(
      served.client.messages.create(request(), { timeout: 100, signal: AbortSignal.timeout(600) }),
    ).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThan(500);
  });

  it('reports an error within a stream after 200, at once or after the start', async () => {
    for (const fault of ['sseError', 'sseErrorLate']) {
      const error = await streamed(fault);
      expect(error).toBeInstanceOf(APIError);
      expect(error).toMatchObject({ status: undefined, type: 'overloaded_error' });
    }
  });

  it('ends a stream without a word, or in the middle of one', async () => {
    for (const fault of ['sseEmpty', 'sseCut']) {
      const error = await streamed(fault);
      expect(error).toBeInstanceOf(AnthropicError);
      expect(error).not.toBeInstanceOf(APIError);
    }
  });

  it('leaves a stream hanging until a signal ends it', async () => {
    for (const fault of ['sseStall', 'sseStallLate'])
      expect(await streamed(fault, AbortSignal.timeout(300))).toBeInstanceOf(Anthropic.APIUserAbortError);
  });
});
