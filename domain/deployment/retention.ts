import type { Retention } from './target.js';

export interface KeptBackup {
  readonly backupId: string;
  readonly createdAtMs: number;
}

const dayMs = 86_400_000;

/**
 * Ids of the backups that may go: neither among the last N, nor the newest of one of the last N days or weeks (UTC) that have one, nor `good`,
 * the one that the last proven deployment began with. The newest one always stays.
 */
export function backupsToRetire(
  backups: readonly KeptBackup[],
  { last, daily, weekly }: Retention,
  good: string | null,
): readonly string[] {
  const newestFirst = [...backups].sort((a, b) => b.createdAtMs - a.createdAtMs);
  const keep = new Set<string>(newestFirst.slice(0, Math.max(1, last)).map(({ backupId }) => backupId));
  if (good !== null) keep.add(good);
  for (const [periodMs, count] of [
    [dayMs, daily],
    [7 * dayMs, weekly],
  ] as const) {
    const seen = new Set<number>();
    for (const { backupId, createdAtMs } of newestFirst) {
      const period = Math.floor(createdAtMs / periodMs);
      if (seen.has(period)) continue;
      if (seen.size === count) break;
      seen.add(period);
      keep.add(backupId);
    }
  }
  return newestFirst.map(({ backupId }) => backupId).filter((id) => !keep.has(id));
}
