import type { Stack } from '../../test/kit/stack.js';
import type { Chance } from '../chance.js';

/** Kills that happened, and deaths that nobody ordered. */
export interface KillCount {
  readonly worker: number;
  readonly api: number;
  readonly temporal: number;
  readonly ownDeaths: number;
}

export interface Killer {
  count(): KillCount;
  /** No more kills; resolves when all processes are up again. */
  stop(): Promise<void>;
}

interface Victim {
  readonly name: 'worker' | 'api' | 'temporal';
  isAlive(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Kills the worker, the API or the Temporal server at each tick (SIGKILL), and starts again whatever is down, as a supervisor does. */
export function startKiller(
  { worker, api, temporal }: Stack,
  everyMs: number,
  { oneOf }: Chance,
  report: (line: string) => void,
): Killer {
  const victims: readonly Victim[] = [
    victim('worker', worker),
    victim('api', api),
    victim('temporal', { ...temporal, start: () => temporal.restart() }),
  ];
  const count = { worker: 0, api: 0, temporal: 0, ownDeaths: 0 };
  const reviving = new Map<Victim, Promise<void>>();

  /** A start may fail while another process is down; a supervisor tries again. */
  const revive = (dead: Victim): Promise<void> => {
    const again = (async () => {
      while (!dead.isAlive()) {
        await dead.start().catch((error: unknown) => {
          report(`${dead.name} did not start: ${String(error).slice(0, 300)}`);
          return new Promise((resolve) => setTimeout(resolve, 300));
        });
      }
      reviving.delete(dead);
    })();
    reviving.set(dead, again);
    return again;
  };
  const reviveTheFallen = (): void => {
    for (const one of victims) {
      if (one.isAlive() || reviving.has(one)) continue;
      count.ownDeaths += 1;
      report(`${one.name} ended by itself`);
      void revive(one);
    }
  };
  const strike = async (): Promise<void> => {
    reviveTheFallen();
    // Drawn among all three, or the one that starts fastest would die most often.
    const chosen = oneOf(victims);
    if (!chosen || !chosen.isAlive() || reviving.has(chosen)) return;
    count[chosen.name] += 1;
    await chosen.kill();
    await revive(chosen);
  };
  const timer = setInterval(() => void strike(), everyMs);
  return {
    count: () => ({ ...count }),
    stop: async () => {
      clearInterval(timer);
      do {
        await Promise.all(reviving.values());
        reviveTheFallen();
      } while (reviving.size > 0);
    },
  };
}

const victim = (name: Victim['name'], process: Omit<Victim, 'name'>): Victim => ({
  name,
  isAlive: () => process.isAlive(),
  kill: () => process.kill(),
  start: () => process.start(),
});
