/** The subscription of a Langfuse organisation; self-hosted servers have no limits. */
export const plans = ['selfHosted', 'hobby', 'core', 'pro'] as const;
export type Plan = (typeof plans)[number];

/** Requests that are counted together (langfuse.md 7). */
export type Bucket = 'legacyReads' | 'general' | 'metricsV1' | 'metricsV2' | 'ingestion';

/** Who wants a request: somebody who waits, the regular import, or the past. */
export const urgencies = ['interactive', 'incremental', 'backfill'] as const;
export type Urgency = (typeof urgencies)[number];

export interface Limit {
  readonly most: number;
  readonly perMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const limits: Readonly<Record<Exclude<Plan, 'selfHosted'>, Readonly<Record<Bucket, Limit>>>> = {
  hobby: {
    legacyReads: { most: 15, perMs: minute },
    general: { most: 30, perMs: minute },
    metricsV1: { most: 100, perMs: day },
    metricsV2: { most: 100, perMs: day },
    ingestion: { most: 1_000, perMs: minute },
  },
  core: {
    legacyReads: { most: 30, perMs: minute },
    // Langfuse's source says 1000, its documentation 100: the careful one.
    general: { most: 100, perMs: minute },
    metricsV1: { most: 2_000, perMs: day },
    metricsV2: { most: 100, perMs: hour },
    // Likewise: 20,000 and 4,000.
    ingestion: { most: 4_000, perMs: minute },
  },
  pro: {
    legacyReads: { most: 100, perMs: minute },
    general: { most: 1_000, perMs: minute },
    metricsV1: { most: 2_000, perMs: day },
    metricsV2: { most: 500, perMs: hour },
    ingestion: { most: 4_000, perMs: minute },
  },
};

const windows: Readonly<Record<Bucket, number>> = {
  legacyReads: minute,
  general: minute,
  metricsV1: day,
  metricsV2: day,
  ingestion: minute,
};

/** The plan's limit of a bucket; null = none is known. A server's 429 teaches a limit where the plan names none. */
export function limitOf(plan: Plan, bucket: Bucket, learned: number | null): Limit | null {
  const planned = plan === 'selfHosted' ? null : limits[plan][bucket];
  if (learned === null) return planned;
  return { most: Math.min(learned, planned?.most ?? learned), perMs: planned?.perMs ?? windows[bucket] };
}

/**
 * How many of a limit's requests somebody may have used before it is another one's turn: the limiter answers 429 one request early
 * (langfuse.md 7), and the less urgent leave some for those who wait.
 */
export function shareOf({ most }: Limit, urgency: Urgency): number {
  const usable = Math.max(1, most - 1);
  const spared = { interactive: 0, incremental: 1 / 8, backfill: 1 / 4 }[urgency];
  return Math.max(1, usable - Math.ceil(usable * spared));
}
