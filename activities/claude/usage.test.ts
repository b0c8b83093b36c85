import { describe, expect, it } from 'vitest';
import { costOf } from './usage.js';

const day = '2026-11-24';
const cost = (usage: unknown, model = 'claude-sonnet-5-5') =>
  costOf({ model, usage }, 'claude-sonnet-5-5', day);

describe('the cost of an answer', () => {
  it('counts every kind of token at its own price', () => {
    const usage = {
      input_tokens: 1_000,
      output_tokens: 100,
      cache_read_input_tokens: 10_000,
      cache_creation_input_tokens: 2_000,
      cache_creation: { ephemeral_5m_input_tokens: 2_000, ephemeral_1h_input_tokens: 0 },
    };
    // 2,000 + 1,000 + 1,000 + 5,000 micro-USD at 2 / 10 / 0.10 / 2.50 USD per million (claude.md 1.10).
    expect(cost(usage).price).toMatchObject({ kind: 'priced', costPicoUsd: 9_000_000_000n });
  });

  it('takes the snapshot of an alias for the same model', () => {
    const usage = { input_tokens: 1_000, output_tokens: 0 };
    expect(cost(usage, 'claude-sonnet-5-5-20260928')).toEqual(cost(usage));
  });

  it.each([
    [null],
    ['free'],
    [{}],
    [{ input_tokens: -1, output_tokens: 2 }],
    [{ input_tokens: 1.5, output_tokens: 2 }],
  ])('is unknown, and not 0, when usage is %j', (usage) => {
    expect(cost(usage).price).toEqual({ kind: 'unpriced' });
  });
});
