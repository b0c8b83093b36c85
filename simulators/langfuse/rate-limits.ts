import { json, type Answer } from './answer.js';
import type { Switches } from './switches.js';

export type Bucket = 'legacy' | 'general' | 'ingestion' | 'metrics' | 'v2Metrics' | 'daily' | 'delete';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

type Limit = readonly [points: number, seconds: number];

/** Points and window of each bucket (langfuse.md 7). */
const plans: Readonly<Record<Exclude<Switches['plan'], 'none'>, Readonly<Record<Bucket, Limit>>>> = {
  hobby: {
    legacy: [15, minute],
    general: [30, minute],
    ingestion: [1_000, minute],
    metrics: [100, day],
    v2Metrics: [100, day],
    daily: [10, day],
    delete: [50, day],
  },
  core: {
    legacy: [30, minute],
    general: [1_000, minute],
    ingestion: [20_000, minute],
    metrics: [2_000, day],
    v2Metrics: [100, hour],
    daily: [200, day],
    delete: [200, day],
  },
  pro: {
    legacy: [100, minute],
    general: [1_000, minute],
    ingestion: [20_000, minute],
    metrics: [2_000, day],
    v2Metrics: [500, hour],
    daily: [200, day],
    delete: [1_000, day],
  },
};

/** Fixed windows from the first hit on, one per organisation and bucket. */
export class RateLimiter {
  readonly #windows = new Map<string, { readonly resetAtMs: number; used: number }>();

  clear(): void {
    this.#windows.clear();
  }

  /** Takes a point; the answer to give when there is none. `named` is what the refusal of a deprecated endpoint says besides. */
  take(
    organisationId: string,
    bucket: Bucket,
    switches: Switches,
    nowMs: number,
    named: string | null,
  ): Answer | null {
    if (switches.plan === 'none') return null;
    const [points, seconds] = plans[switches.plan][bucket];
    const key = `${organisationId} ${bucket}`;
    let window = this.#windows.get(key);
    if (!window || window.resetAtMs <= nowMs) {
      window = { resetAtMs: nowMs + seconds * 1_000, used: 0 };
      this.#windows.set(key, window);
    }
    window.used += 1;
    const allowed = switches.rateLimitOffByOne ? points - 1 : points;
    return window.used <= allowed ? null : tooMany(points, window.resetAtMs, nowMs, named);
  }
}

/** 429 with the recorded body and headers; the reset header is a date as JavaScript prints it. */
export function tooMany(limit: number, resetAtMs: number, nowMs: number, named: string | null): Answer {
  const retryAfterSeconds = Math.max(0, Math.ceil((resetAtMs - nowMs) / 1_000));
  const reset = new Date(resetAtMs);
  return json(
    429,
    {
      message: `Rate limit exceeded${named ?? ''}`,
      code: 'rate_limited',
      details: { retryAfterSeconds, limit, remaining: 0, resetAt: reset.toISOString() },
    },
    {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': utcDateString(reset),
    },
  );
}

/** `Mon Nov 23 2026 06:28:54 GMT+0000 (Coordinated Universal Time)`, whatever zone this machine is in. */
function utcDateString(date: Date): string {
  const [weekday = '', dayOfMonth = '', month = '', year = '', time = ''] = date
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${weekday} ${month} ${dayOfMonth} ${year} ${time} GMT+0000 (Coordinated Universal Time)`;
}
