import { readFileSync } from 'node:fs';

/** CPU and memory of one process of the product; Linux only (`/proc`), zeros elsewhere. */
export interface ProcessUse {
  readonly cpuSeconds: number;
  /** Of one core, over the time between two looks. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
  readonly peakMemoryMb: number;
}

interface Look {
  readonly atMs: number;
  readonly cpuSeconds: number;
}

/** Kernel ticks a second, which Linux has fixed for programs (man 5 proc, "utime"). */
const ticksPerSecond = 100;

export function lookAt(pid: number): Look {
  const stat = readProc(pid, 'stat');
  // The name in parentheses may hold blanks; the fields behind it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return { atMs: performance.now(), cpuSeconds: ticks / ticksPerSecond };
}

export function useSince(before: Look, pid: number): ProcessUse {
  const now = lookAt(pid);
  const cpuSeconds = now.cpuSeconds - before.cpuSeconds;
  const status = readProc(pid, 'status');
  const megabytes = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_024);
  return {
    cpuSeconds: Math.round(cpuSeconds * 10) / 10,
    cpuPercent: Math.round((cpuSeconds * 100_000) / (now.atMs - before.atMs)),
    memoryMb: megabytes('VmRSS'),
    peakMemoryMb: megabytes('VmHWM'),
  };
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
