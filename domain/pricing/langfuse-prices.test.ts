import { expect, it } from 'vitest';
import table from './langfuse-prices.json' with { type: 'json' };
import { agrees, recomputeCost, type ModelUse, type PricedModel } from './langfuse-prices.js';

const cost = (
  model: string | null,
  usage: Record<string, unknown>,
  modelParameters: Record<string, unknown> = {},
  more: Partial<ModelUse> = {},
) => {
  const found = recomputeCost({
    model,
    usage,
    modelParameters,
    metadata: {},
    startedAtMs: 0,
    projectModels: [],
    ...more,
  });
  return found.kind === 'priced' ? found.costPicoUsd : found.kind;
};

it('gives the recorded costs of a real server', () => {
  // Lifecycle trace: 100 x 2.5e-6 + 20 x 1e-5 + 40 x 1.25e-6 = 0.0005 USD.
  expect(cost('gpt-4o', { input: 100, output: 20, input_cached_tokens: 40, total: 160 })).toBe(500_000_000n);
});

it('prices cache and reasoning tokens by their own keys, and what has no key not at all', () => {
  const model = 'claude-sonnet-4-5-20250929';
  // 3, 15, 0.30 and 3.75 USD per million.
  expect(cost(model, { input: 1_000 })).toBe(3_000_000_000n);
  expect(cost(model, { output: 1_000 })).toBe(15_000_000_000n);
  expect(cost(model, { cache_read_input_tokens: 1_000 })).toBe(300_000_000n);
  expect(cost(model, { cache_creation_input_tokens: 1_000 })).toBe(3_750_000_000n);
  expect(cost(model, { input: 1_000, sheep: 7 })).toBe(3_000_000_000n);
  expect(cost(model, { sheep: 7, total: 7 })).toBe('unpriced');
  expect(cost('o3', { output_reasoning_tokens: 1_000 })).toBe(cost('o3', { output: 1_000 }));
});

it('takes the tier whose conditions hold, by size of the prompt or by parameter', () => {
  expect(cost('gpt-4o', { input: 1_000 }, { service_tier: 'priority' })).toBe(4_250_000_000n);
  expect(cost('gpt-4o', { input: 1_000 }, { service_tier: 'default' })).toBe(2_500_000_000n);
  const gemini = 'gemini-2.5-pro';
  const small = cost(gemini, { input: 200_000 });
  const large = cost(gemini, { input: 200_001 });
  // 1.25 and 2.50 USD per million: more than 200,000 is another tier.
  expect([small, large]).toEqual([250_000_000_000n, 500_002_500_000n]);
  // The size is that of all prompt keys together.
  expect(cost(gemini, { input: 200_000, input_cached_tokens: 1 })).not.toBe(small);
});

it('matches names as the server does, and never guesses', () => {
  expect(cost('OpenAI/GPT-4o', { input: 1 })).toBe(2_500_000n);
  expect(cost('gpt-4o-of-somebody', { input: 1 })).toBe('unknownModel');
  expect(cost(null, { input: 1 })).toBe('unknownModel');
  expect(cost('gpt-4o', {})).toBe('unpriced');
  expect(cost('gpt-4o', { input: -5, output: 'many' })).toBe('unpriced');
  // Keys are the client's and may be any word.
  expect(cost('gpt-4o', { input: 1, constructor: 5 })).toBe(2_500_000n);
});

it('is exact: every price of the list is a whole number of pico-USD, and every condition is one that we understand', () => {
  for (const { tiers, matchPattern } of table.models) {
    expect(matchPattern.startsWith('(?i)')).toBe(true);
    for (const { prices, conditions } of tiers) {
      for (const price of Object.values(prices))
        expect(Math.abs(price * 1e12 - Math.round(price * 1e12))).toBeLessThan(1e-3);
      for (const condition of conditions)
        expect('source' in condition ? condition.source : 'usage').toMatch(/^(usage|model_parameters)$/);
    }
  }
});

it('sees no disagreement in what the server cuts off', () => {
  // Recorded: 0.008624999999 for 0.008625.
  expect(agrees(8_624_999_999n, 8_625_000_000n)).toBe(true);
  expect(agrees(8_624_998_999n, 8_625_000_000n)).toBe(false);
});

const own = (change: Partial<PricedModel>): PricedModel => ({
  modelName: 'ours',
  matchPattern: '(?i)^gpt-4o$',
  startsAtMs: null,
  tiers: [{ name: 'Own', isDefault: true, priority: 0, conditions: [], prices: { input: 1e-6 } }],
  ...change,
});

it("takes a project's own model before the public one, the newest that had begun, and the tier that metadata asks for", () => {
  const special = {
    name: 'Research',
    isDefault: false,
    priority: 1,
    conditions: [{ source: 'metadata', key: 'purpose', values: ['research'] }],
    prices: { input: 2e-6 },
  };
  const dated = own({ startsAtMs: 1_000, tiers: [{ ...own({}).tiers[0]!, prices: { input: 3e-6 } }] });
  const projectModels = [dated, own({ tiers: [...own({}).tiers, special] })];
  const price = (more: Partial<ModelUse>, model = 'GPT-4o') =>
    cost(model, { input: 1 }, {}, { projectModels, ...more });
  expect(price({ startedAtMs: 999 })).toBe(1_000_000n);
  expect(price({ startedAtMs: 1_000 })).toBe(3_000_000n);
  expect(price({ metadata: { purpose: 'research' } })).toBe(2_000_000n);
  expect(price({ metadata: { purpose: 'constructor' } })).toBe(1_000_000n);
  expect(price({}, 'o3')).toBe(cost('o3', { input: 1 }));
});

it('takes no pattern that could run forever, and none that is not one', () => {
  for (const matchPattern of ['^(g+)+$', 'g.*p.*t.*4.*', '(', `^gpt-4o$${'|a'.repeat(300)}`])
    expect(cost('gpt-4o', { input: 1 }, {}, { projectModels: [own({ matchPattern })] })).toBe(2_500_000n);
});
