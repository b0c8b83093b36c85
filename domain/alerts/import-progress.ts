const minute = 60_000;
const hour = 60 * minute;

/** How far the import of one configuration is, and how often and how late it runs. */
export interface ImportRhythm {
  readonly watermarkMs: number;
  readonly createdAtMs: number;
  readonly everyMs: number;
  readonly settleMs: number;
}

/**
 * How old the newest imported moment is. A configuration cannot lag behind for longer than it exists: its first import begins days back and
 * is no alarm by itself.
 */
export const importLagMinutes = (
  { watermarkMs, createdAtMs }: Pick<ImportRhythm, 'watermarkMs' | 'createdAtMs'>,
  nowMs: number,
): number => Math.max(0, nowMs - Math.max(watermarkMs, createdAtMs)) / minute;

/**
 * The lag that is too much unless a person said otherwise. Right before a run it is normally the settle time and one interval; two runs may
 * fail, and a run of a frequent import may take half an hour, before somebody is called.
 */
export const usualLagLimitMinutes = ({
  everyMs,
  settleMs,
}: Pick<ImportRhythm, 'everyMs' | 'settleMs'>): number =>
  (settleMs + Math.max(3 * everyMs, 30 * minute)) / minute;

/** An import that is further behind the newest one than this is broken: the others are not measured by it. */
const mostBehindMs = hour;

/**
 * Where windows of an environment end: the moment up to which all its imports have read, so that a late one does not look like a quiet hour.
 * Null = nothing is imported.
 */
export function windowEndMs(watermarksMs: readonly number[]): number | null {
  const newest = watermarksMs.reduce((most, one) => Math.max(most, one), -Infinity);
  const inTime = watermarksMs.filter((one) => one >= newest - mostBehindMs);
  return inTime.length === 0 ? null : inTime.reduce((least, one) => Math.min(least, one), Infinity);
}
