import type { ModelStep } from '../../platform/store/model-steps.js';

/** The row of an answered model call. */
export const sampleModelStep = (tenantId: string, conversationId: string, stepId: string): ModelStep => ({
  tenantId,
  conversationId,
  stepId,
  attempt: 1,
  promptBundle: 'bundle',
  model: 'sample-model',
  backend: 'api',
  requestId: 'req_1',
  usage: { input_tokens: 1_200, cache: { read: 0 } },
  priceVersion: '2030-01-01',
  costPicoUsd: 12_345_678_901_234_567_890n,
  weightedTokens: 900,
  stopReason: 'end_turn',
  turn: 1,
  inputTokens: 12,
  outputTokens: 3,
  latencyMs: 1_234,
  outcome: 'answered',
});
