import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

interface ThrottleEvent {
  readonly atMs: number;
  readonly tenantId: string;
  readonly procedure: string;
  readonly waitMs: number;
}

export interface ThrottleJournal {
  /** Adds one line. What a throttled request held is not known here, so that it can never be written (failure-modes.md 24). */
  append(event: ThrottleEvent): Promise<void>;
}

const head = [
  '# Throttled calls to Cloud9',
  '',
  '| time (UTC) | tenant | procedure | wait |',
  '| --- | --- | --- | --- |',
  '',
];

const cell = (text: string): string => text.replace(/[|\r\n]/g, ' ');

/** The operators' journal, `rate-limit-errors.md` in the log folder: an append-only table that several workers may write. */
export function createThrottleJournal(logDir: string): ThrottleJournal {
  const file = path.join(logDir, 'rate-limit-errors.md');
  return {
    async append({ atMs, tenantId, procedure, waitMs }) {
      await mkdir(logDir, { recursive: true });
      // `wx` creates or fails: of two workers only one writes the head.
      await writeFile(file, head.join('\n'), { flag: 'wx' }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      });
      const cells = [new Date(atMs).toISOString(), tenantId, procedure, `${(waitMs / 1_000).toFixed(1)} s`];
      await appendFile(file, `| ${cells.map(cell).join(' | ')} |\n`);
    },
  };
}
