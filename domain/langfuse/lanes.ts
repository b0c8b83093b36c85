const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * `live` follows the present and holds the watermark; `day` and `month` re-read what is settled, for rows that came late; a `backfill`
 * reads what a person asked for, newest first; `trace` and `session` read one thing.
 */
export const laneKinds = ['live', 'day', 'month', 'backfill', 'trace', 'session'] as const;
export type LaneKind = (typeof laneKinds)[number];

/** A range that is worked off window by window. Ranges are half-open, in UTC ms. */
export interface Lane {
  readonly laneId: string;
  readonly kind: LaneKind;
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly fromMs: number;
  readonly toMs: number;
  /** Everything on the near side is in the store and proven, or reported. Of `live` it is the watermark. */
  readonly positionMs: number;
  /** Where `live` must begin to read again once, after the API was changed; null = nowhere. */
  readonly rereadFromMs: number | null;
  readonly windowMs: number;
  readonly startedAtMs: number;
}

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long the sweeps look back, and how often (langfuse.md 10, "Late data"). */
const sweeps = {
  day: { backMs: day, everyMs: hour },
  month: { backMs: 30 * day, everyMs: day },
} as const;

/** After the first window of a run `live` goes on only for this much, so that it does not chase the clock. */
const leastStepMs = 5 * minute;
/** A window that gave so many pages is followed by a shorter one, one that gave so few by a longer one (langfuse.md 10: at most ~20). */
const manyPages = 10;
const fewPages = 3;
const shortestWindowMs = minute;
const longestWindowMs = day;
export const firstWindowMs = hour;

/** Reading forward from the past, backward for backfills: the newest of the past is wanted first. */
const descends = (kind: LaneKind): boolean => kind === 'backfill';

export interface LiveRules {
  readonly nowMs: number;
  readonly settleMs: number;
  readonly overlapMs: number;
  /** Each run begins with the end of what was read before; its further windows do not. */
  readonly firstOfRun: boolean;
}

/** The next window of a lane; null when there is nothing to read now. */
export function nextWindow(lane: Lane, rules: LiveRules): Range | null {
  const { positionMs, windowMs } = lane;
  if (lane.kind === 'live') {
    const horizonMs = rules.nowMs - rules.settleMs;
    const leastMs = rules.firstOfRun ? 1 : leastStepMs;
    if (horizonMs - positionMs < leastMs) return null;
    const overlapFromMs = rules.firstOfRun ? positionMs - rules.overlapMs : positionMs;
    const fromMs = Math.max(lane.fromMs, Math.min(overlapFromMs, lane.rereadFromMs ?? Infinity));
    return { fromMs, toMs: Math.min(positionMs + windowMs, horizonMs) };
  }
  if (descends(lane.kind)) {
    if (positionMs <= lane.fromMs) return null;
    return { fromMs: Math.max(lane.fromMs, positionMs - windowMs), toMs: positionMs };
  }
  if (positionMs >= lane.toMs) return null;
  return { fromMs: positionMs, toMs: Math.min(positionMs + windowMs, lane.toMs) };
}

/** The lane after one of its windows was sealed. */
export function afterWindow(lane: Lane, { fromMs, toMs }: Range, pages: number): Lane {
  const positionMs = descends(lane.kind) ? fromMs : Math.max(lane.positionMs, toMs);
  const factor = pages > manyPages ? 1 / 2 : pages <= fewPages ? 2 : 1;
  const windowMs = Math.min(longestWindowMs, Math.max(shortestWindowMs, Math.floor(lane.windowMs * factor)));
  const ended =
    lane.kind !== 'live' && (descends(lane.kind) ? positionMs <= lane.fromMs : positionMs >= lane.toMs);
  return {
    ...lane,
    positionMs,
    windowMs,
    rereadFromMs: null,
    // What a person ordered is done when its outcome is named, not a moment before.
    state: ended && lane.kind !== 'backfill' ? 'idle' : lane.state,
  };
}

/** A sweep that begins now, over what `live` has settled; null when it is not due. */
export function beginSweep(lane: Lane, live: Lane, nowMs: number): Lane | null {
  if (lane.kind !== 'day' && lane.kind !== 'month') return null;
  const { backMs, everyMs } = sweeps[lane.kind];
  if (lane.state !== 'idle' || nowMs - lane.startedAtMs < everyMs) return null;
  // The month leaves out the last day, which the other sweep reads each hour.
  const toMs = lane.kind === 'month' ? live.positionMs - sweeps.day.backMs : live.positionMs;
  const fromMs = Math.max(live.fromMs, live.positionMs - backMs);
  if (toMs <= fromMs) return null;
  return { ...lane, state: 'running', fromMs, toMs, positionMs: fromMs, startedAtMs: nowMs };
}

/** A window that was found too large, made smaller at its far end; the rest comes with the next one. Null when it cannot be. */
export function narrowed(kind: LaneKind, { fromMs, toMs }: Range, fraction: number): Range | null {
  const lengthMs = Math.floor((toMs - fromMs) * Math.min(0.5, fraction));
  if (lengthMs < 1_000) return null;
  return descends(kind) ? { fromMs: toMs - lengthMs, toMs } : { fromMs, toMs: fromMs + lengthMs };
}

/** Windows that are still to come, as far as one can tell: their length adapts. */
export const windowsLeft = (lane: Lane): number =>
  Math.ceil(
    Math.max(0, descends(lane.kind) ? lane.positionMs - lane.fromMs : lane.toMs - lane.positionMs) /
      lane.windowMs,
  );
