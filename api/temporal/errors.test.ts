import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { isTimeUp, problemOf } from './errors.js';

/** As gRPC throws it. */
const grpcError = (code: number): Error =>
  Object.assign(new Error('from the wire'), { code, details: '', metadata: {} });
const broken = (code: number): Error =>
  new WorkflowUpdateRPCTimeoutOrCancelledError('from the SDK', { cause: grpcError(code) });

it('takes a cancelled update call for the end of our own wait, so that a missing worker is named as one', () => {
  // Both are what an update met whose worker had just been killed.
  expect([1, 4].map((code) => isTimeUp(broken(code)))).toEqual([true, true]);
  expect(problemOf(broken(1)).failure).toBe('WorkerUnavailable');
});

it('takes a server that is away for what it is', () => {
  expect(isTimeUp(broken(14))).toBe(false);
  expect(problemOf(broken(14)).failure).toBe('TemporalUnavailable');
  expect(problemOf(grpcError(1)).failure).toBe('TemporalUnavailable');
});
