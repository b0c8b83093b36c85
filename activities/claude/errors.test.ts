import { inspect } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bytes,
  events,
  json,
  reset,
  stall,
  startRawMessagesApi,
  type RawAnswer,
  type RawMessagesApi,
} from '../../test/kit/raw-messages-api.js';
import { classify, toFailure, type LlmFault } from './errors.js';

/** Stands in everything that a vendor or a caller wrote; none of it may leave the room. */
const theirWords = 'Ann Sample, born 1986-04-12, key sk-invented';

let api: RawMessagesApi;
beforeAll(async () => {
  api = await startRawMessagesApi();
});
afterAll(() => api.close());

async function errorOf(answer: RawAnswer, stream = false, deadlineMs = 5_000): Promise<unknown> {
  api.answers(answer);
  const client = new Anthropic({ apiKey: 'invented', baseURL: api.url, maxRetries: 0, logLevel: 'off' });
  const params = {
    model: 'claude-sonnet-5-5',
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: theirWords }],
  };
  const options = { signal: AbortSignal.timeout(deadlineMs) };
  try {
    await (stream
      ? client.messages.stream(params, options).finalMessage()
      : client.messages.create(params, options));
  } catch (error) {
    return error;
  }
  throw new Error('There was no error.');
}

const now = Date.parse('2026-11-24T12:00:00Z');
const faultOf = async (answer: RawAnswer, stream = false, deadlineMs = 5_000): Promise<LlmFault> =>
  classify(await errorOf(answer, stream, deadlineMs), false, now);

const problem = (type: string, errorCode?: string) => ({
  type: 'error',
  error: { type, message: theirWords, ...(errorCode ? { details: { error_code: errorCode } } : {}) },
  request_id: 'req_invented',
});
const started = [
  'message_start',
  {
    type: 'message_start',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  },
] as const;

describe('the classifier', () => {
  it.each([
    ['a malformed request is given up', json(400, problem('invalid_request_error')), 'LlmBadRequest'],
    ['a wrong key is given up and pages the operator', json(401, problem('authentication_error')), 'LlmAuth'],
    ['a forbidden model is given up', json(403, problem('permission_error')), 'LlmAuth'],
    ['a retired model is given up', json(404, problem('not_found_error')), 'LlmBadRequest'],
    ['a body that is too large is given up', json(413, problem('invalid_request_error')), 'LlmBadRequest'],
    [
      'a spend limit of a linked organisation is a spend cap',
      json(402, problem('billing_error')),
      'LlmSpendCap',
    ],
    ['429 without retry-after is a spend cap', json(429, problem('rate_limit_error')), 'LlmSpendCap'],
    [
      '429 with a spend code is a spend cap even when it says how long to wait',
      json(429, problem('rate_limit_error', 'enforced_spend_limit_reached'), { 'retry-after': '3' }),
      'LlmSpendCap',
    ],
    [
      '529 with x-should-retry false is given up',
      json(529, problem('overloaded_error'), { 'x-should-retry': 'false' }),
      'LlmUnavailable',
    ],
  ] as const)('%s', async (_claim, answer, type) => {
    expect(await faultOf(answer)).toMatchObject({ kind: 'fatal', type });
  });

  it.each([
    ['429 waits for retry-after', json(429, problem('rate_limit_error'), { 'retry-after': '3' }), 3_000],
    [
      '429 prefers retry-after-ms',
      json(429, problem('rate_limit_error'), { 'retry-after': '3', 'retry-after-ms': '150' }),
      150,
    ],
    [
      '429 with a date waits until then',
      json(429, problem('rate_limit_error'), { 'retry-after': 'Tue, 24 Nov 2026 12:00:07 GMT' }),
      7_000,
    ],
    [
      '429 with a date in the past backs off as usual',
      json(429, problem('rate_limit_error'), { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }),
      null,
    ],
    [
      '429 with an unreadable date backs off as usual',
      json(429, problem('rate_limit_error'), { 'retry-after': 'soon' }),
      null,
    ],
    [
      'a ramp limit waits',
      json(429, problem('rate_limit_error', 'ramp_limit_exceeded'), { 'retry-after': '2' }),
      2_000,
    ],
    [
      '429 with x-should-retry true is repeated',
      json(429, problem('rate_limit_error'), { 'x-should-retry': 'true' }),
      null,
    ],
    ['529 is repeated', json(529, problem('overloaded_error')), null],
    ['500 is repeated', json(500, problem('api_error')), null],
    ['408 is repeated', json(408, problem('timeout_error')), null],
    ['409 is repeated', json(409, problem('conflict_error')), null],
    [
      '400 with x-should-retry true is repeated',
      json(400, problem('invalid_request_error'), { 'x-should-retry': 'true' }),
      null,
    ],
    ['a reset connection is repeated', reset, null],
  ] as const)('%s', async (_claim, answer, waitMs) => {
    expect(await faultOf(answer)).toMatchObject({ kind: 'retry', waitMs });
  });

  it('does not keep a caller waiting for a quarter of an hour', async () => {
    const fault = await faultOf(json(429, problem('rate_limit_error'), { 'retry-after': '900' }));
    expect(fault).toMatchObject({ kind: 'unavailable', waitMs: 900_000 });
    expect(toFailure(fault, 1)).toMatchObject({ type: 'LlmUnavailable', nonRetryable: true });
  });

  it('repeats a call whose body stalled until our deadline', async () => {
    expect(await faultOf(stall, false, 200)).toMatchObject({ kind: 'retry', waitMs: null });
  });

  it('repeats a call whose headers never came', async () => {
    expect(await faultOf(() => undefined, false, 200)).toMatchObject({ kind: 'retry', waitMs: null });
  });

  it('repeats a stream that was overloaded after it had begun', async () => {
    const fault = await faultOf(events([started, ['error', problem('overloaded_error')]]), true);
    expect(fault).toMatchObject({ kind: 'retry', facts: { status: null, type: 'overloaded_error' } });
  });

  it('gives a stream up that found our request wrong after it had begun', async () => {
    const fault = await faultOf(events([started, ['error', problem('invalid_request_error')]]), true);
    expect(fault).toMatchObject({ kind: 'fatal', type: 'LlmBadRequest' });
  });

  it.each([
    ['a body that is no JSON', bytes('{"id": "msg'), false],
    ['a stream without events', events([]), true],
    ['a stream that ends early', events([started]), true],
  ] as const)('takes %s for malformed, and asks once more only', async (_claim, answer, stream) => {
    const fault = await faultOf(answer, stream);
    expect(fault.kind).toBe('malformed');
    expect(toFailure(fault, 1)).toMatchObject({ type: 'LlmMalformed', nonRetryable: false });
    expect(toFailure(fault, 2)).toMatchObject({ type: 'LlmMalformed', nonRetryable: true });
  });

  it('never takes a stream that was cut off for an answer', async () => {
    const fault = await faultOf(events([started], 'cut'), true);
    expect(['malformed', 'retry']).toContain(fault.kind);
  });

  it('is cancelled when Temporal cancels, whatever the error', async () => {
    const fault = classify(await errorOf(stall, false, 100), true, now);
    expect(fault).toEqual({ kind: 'cancelled' });
    expect(toFailure(fault, 1)).toBeInstanceOf(CancelledFailure);
  });

  it('takes a defect of ours for a defect', () => {
    expect(classify(new TypeError(theirWords), false, now)).toMatchObject({ kind: 'fatal', type: 'LlmBug' });
  });
});

describe('a failure', () => {
  it('carries the wait of retry-after to Temporal', async () => {
    const failure = toFailure(
      await faultOf(json(429, problem('rate_limit_error'), { 'retry-after': '3' })),
      1,
    );
    expect(failure).toMatchObject({ type: 'LlmRetry', nonRetryable: false, nextRetryDelay: 3_000 });
  });

  it('holds status, type, code and request id, and no word of the vendor', async () => {
    const failure = toFailure(await faultOf(json(400, problem('invalid_request_error', 'some_code'))), 1);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      details: [
        { status: 400, type: 'invalid_request_error', errorCode: 'some_code', requestId: 'req_invented' },
      ],
    });
    expect(inspect(failure, { depth: 10 })).not.toContain('Ann Sample');
    expect(failure.cause).toBeUndefined();
  });

  it('drops texts in the place of codes', async () => {
    const failure = toFailure(await faultOf(json(400, problem(theirWords))), 1);
    expect(inspect(failure, { depth: 10 })).not.toContain('Ann Sample');
  });
});
