import { expect, it } from 'vitest';
import { priceOf, weightedTokens } from './claude-prices.js';

const usage = {
  input_tokens: 180,
  output_tokens: 90,
  cache_read_input_tokens: 6_000,
  cache_creation_input_tokens: 270,
  cache_creation: { ephemeral_5m_input_tokens: 270, ephemeral_1h_input_tokens: 0 },
};

const none = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 };

it('prices each kind of token by the table of the day', () => {
  // 180 x 2 + 270 x 2.50 + 6000 x 0.10 + 90 x 10 = 2535 USD per million tokens.
  expect(priceOf('claude-sonnet-5-5', '2026-11-23', usage)).toMatchObject({ costPicoUsd: 2_535_000_000n });
  // Before the cut of 7 October a read cost 0.20.
  expect(priceOf('claude-sonnet-5-5', '2026-10-06', usage)).toMatchObject({ costPicoUsd: 3_135_000_000n });
});

it('uses the tier of the prompt size, and does not guess a price that nobody published', () => {
  const large = {
    ...usage,
    input_tokens: 100_001,
    output_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_creation: none,
  };
  expect(priceOf('claude-haiku-5-5', '2026-11-23', large)).toMatchObject({ costPicoUsd: 50_000_500_000n });
  expect(priceOf('claude-haiku-5-5', '2026-11-23', { ...large, cache_read_input_tokens: 1 })).toEqual({
    kind: 'unpriced',
  });
  expect(priceOf('claude-unknown', '2026-11-23', usage)).toEqual({ kind: 'unpriced' });
  expect(priceOf('claude-sonnet-5-5', '2026-09-27', usage)).toEqual({ kind: 'unpriced' });
});

it('weighs tokens by their price against output', () => {
  expect(
    weightedTokens(
      {
        ...usage,
        input_tokens: 1_000,
        output_tokens: 100,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_creation: none,
      },
      'claude-sonnet-5-5',
    ),
  ).toBe(300);
});
