import fc from 'fast-check';
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

it('weighs by the tier of the prompt, so that a cached prefix does not eat the budget', () => {
  const cached = {
    ...usage,
    input_tokens: 0,
    output_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_creation: none,
  };
  // 10,000 x 0.01 / 0.50.
  expect(weightedTokens({ ...cached, cache_read_input_tokens: 10_000 }, 'claude-haiku-5-5')).toBe(200);
  expect(weightedTokens({ ...cached, cache_read_input_tokens: 10_000 }, 'claude-unknown')).toBe(10_000);
});

it('holds every row of the vendor page, per million tokens of each kind', () => {
  const million = 1_000_000;
  const only = (change: Partial<typeof usage>) => ({
    input_tokens: 0,
    output_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_creation: none,
    ...change,
  });
  const usd = (model: string, change: Partial<typeof usage>, onDate = '2026-11-23') => {
    const price = priceOf(model, onDate, only(change));
    return price.kind === 'priced' ? Number(price.costPicoUsd) / 1e12 : null;
  };
  const row = (model: string) => [
    usd(model, { input_tokens: million }),
    usd(model, { output_tokens: million }),
    usd(model, {
      cache_creation_input_tokens: million,
      cache_creation: { ...none, ephemeral_5m_input_tokens: million },
    }),
    usd(model, {
      cache_creation_input_tokens: million,
      cache_creation: { ...none, ephemeral_1h_input_tokens: million },
    }),
    usd(model, { cache_read_input_tokens: million }),
  ];
  expect(row('claude-sonnet-5-5')).toEqual([2, 10, 2.5, 4, 0.1]);
  expect(row('claude-opus-5-5')).toEqual([4, 20, 5, 8, 0.2]);
  expect(row('claude-fable-5-1')).toEqual([10, 50, 12.5, 20, 0.25]);
  expect(row('claude-haiku-4-5')).toEqual([1, 5, 1.25, 2, 0.1]);
  // A million tokens of prompt is above the tier of Haiku 5.5, whose cache prices nobody published.
  expect(row('claude-haiku-5-5')).toEqual([0.5, 0.5, null, null, null]);
  expect(usd('claude-haiku-5-5', { input_tokens: 100_000 })).toBe(0.01);
  expect(usd('claude-haiku-5-5', { input_tokens: 100_000 }, '2026-10-06')).toBeNull();
});

it('is exact: the parts add up to the whole, however large', () => {
  const count = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(count, count, (input_tokens, output_tokens) => {
      const price = priceOf('claude-opus-5-5', '2026-11-23', {
        input_tokens,
        output_tokens,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
      });
      expect(price).toMatchObject({
        costPicoUsd: BigInt(input_tokens) * 4_000_000n + BigInt(output_tokens) * 20_000_000n,
      });
    }),
  );
});
