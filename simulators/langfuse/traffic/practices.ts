import type { PricedModel } from '../state/model-prices.js';
import type { ProjectSetup } from '../simulation.js';

/** How the callers of a sample practice and its agent behave. */
export interface SamplePractice {
  readonly project: ProjectSetup;
  /** Hours between its wall clock and UTC; daylight saving does not matter here. */
  readonly utcOffsetHours: number;
  /** Conversations of an ordinary weekday. */
  readonly conversationsPerDay: number;
  readonly callers: number;
  readonly models: Readonly<Record<string, number>>;
  readonly languages: Readonly<Record<string, number>>;
  readonly locations: readonly [string, ...string[]];
  /** Prices that the built-in list does not have. */
  readonly ownModels: readonly PricedModel[];
}

/** Both practices are run by one invented group: they share an organisation, and so their rate limits. */
const organisation = { id: 'org-sample-group', name: 'Sample Practice Group' };

const projectOf = (slug: string, name: string): ProjectSetup => ({
  id: `project-${slug}`,
  name,
  publicKey: `pk-lf-${slug}`,
  secretKey: `sk-lf-${slug}`,
  organisation,
});

const ownModel = (
  modelName: string,
  [input, output, cacheWrite, cacheRead]: readonly [number, number, number, number],
): PricedModel => ({
  id: `own-${modelName}`,
  modelName,
  matchPattern: `(?i)^(anthropic/)?(${modelName})$`,
  createdAt: '2026-08-01T00:00:00.000Z',
  pricingTiers: [
    {
      id: `own-${modelName}_tier_default`,
      name: 'Standard',
      isDefault: true,
      priority: 0,
      conditions: [],
      prices: {
        input,
        output,
        cache_read_input_tokens: cacheRead,
        cache_creation_input_tokens: cacheWrite,
      },
    },
  ],
});

/** The sample tenants (`tenants/`), as projects of one Langfuse server. */
export const samplePractices: readonly SamplePractice[] = [
  {
    project: projectOf('bright-smiles', 'Bright Smiles (sample)'),
    utcOffsetHours: -5,
    conversationsPerDay: 40,
    callers: 700,
    models: { 'claude-sonnet-5-5': 90, 'claude-haiku-5-5': 9.4, 'in-house-classifier': 0.6 },
    languages: { en: 82, es: 18 },
    locations: ['Downtown', 'Lakeside'],
    ownModels: [
      ownModel('claude-sonnet-5-5', [2e-6, 1e-5, 2.5e-6, 1e-7]),
      ownModel('claude-haiku-5-5', [1e-7, 5e-7, 1.25e-7, 1e-8]),
    ],
  },
  {
    project: projectOf('river-ortho', 'River Orthodontics (sample)'),
    utcOffsetHours: -7,
    conversationsPerDay: 25,
    callers: 420,
    models: { 'claude-haiku-4-5-20251001': 80, 'claude-sonnet-5': 14, 'gpt-4o-mini': 6 },
    languages: { en: 100 },
    locations: ['Mesa'],
    ownModels: [],
  },
];
