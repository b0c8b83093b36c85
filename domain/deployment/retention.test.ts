import { expect, it } from 'vitest';
import { backupsToRetire } from './retention.js';

const day = 86_400_000;
const start = Date.parse('2030-03-04T12:00:00Z');
/** One backup each six hours, the newest first. */
const backups = Array.from({ length: 200 }, (_, index) => ({
  backupId: `b${index}`,
  createdAtMs: start - (index * day) / 4,
}));
const kept = (...retire: Parameters<typeof backupsToRetire>) => {
  const gone = new Set(backupsToRetire(...retire));
  return retire[0].map(({ backupId }) => backupId).filter((id) => !gone.has(id));
};

it('keeps the last ones, the newest of each day and of each week, and nothing else', () => {
  expect(kept(backups, { last: 3, daily: 1, weekly: 1 }, null)).toEqual(['b0', 'b1', 'b2']);
  const daily = kept(backups, { last: 1, daily: 4, weekly: 1 }, null);
  expect(daily).toEqual(['b0', 'b3', 'b7', 'b11']);
  expect(kept(backups, { last: 1, daily: 1, weekly: 3 }, null)).toHaveLength(3);
});

it('never retires the newest one, nor that of the last good deployment', () => {
  expect(kept(backups, { last: 1, daily: 1, weekly: 1 }, 'b199')).toEqual(['b0', 'b199']);
  expect(backupsToRetire([backups[0]!], { last: 1, daily: 1, weekly: 1 }, null)).toEqual([]);
});
