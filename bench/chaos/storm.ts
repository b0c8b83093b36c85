import type { PracticeSystem } from '../../test/kit/practice-system.js';

/** Every way in which the simulator can break a call (simulators/cloud9/README.md, "Faults"). */
const kinds = [
  { kind: 'delay', delayMs: 1_500 },
  { kind: 'hang' },
  { kind: 'drop' },
  { kind: '502' },
  { kind: 'throttle' },
  { kind: 'error', code: 99 },
  { kind: 'commitThenDrop' },
  { kind: 'commitThen502' },
  { kind: 'commitThenHang' },
  { kind: 'truncated' },
  { kind: 'empty' },
  { kind: 'malformed' },
] as const;

/** A closed window is asked again after a quarter of an hour by whatever must know; only calls that may give up meet it here. */
const callsThatGiveUp = ['SetAppointment', 'SetPatient', 'GetOnlineReservations'] as const;

/** Answers that hang are let go this often, so that no run waits for a minute's deadline. */
const releaseEveryMs = 1_500;

/** Faults at the practice system until it is told to stop. */
export interface Storm {
  stop(): Promise<void>;
}

/** Lets about this share of all calls fail, each kind alike. */
export async function startStorm(practice: PracticeSystem, share: number, seed: number): Promise<Storm> {
  const each = 1 - (1 - share) ** (1 / (kinds.length + 1));
  for (const [index, { kind, ...rest }] of kinds.entries())
    await practice.fail('*', kind, { ...rest, times: null, share: each, seed: seed + index });
  for (const [index, procedure] of callsThatGiveUp.entries())
    await practice.fail(procedure, 'windowClosed', { times: null, share: each, seed: seed + 100 + index });
  const timer = setInterval(() => void practice.release(), releaseEveryMs);
  return {
    stop: async () => {
      await practice.clearFaults();
      await practice.release();
      // What began to hang while the faults were cleared.
      setTimeout(() => clearInterval(timer), 10 * releaseEveryMs).unref();
      timer.unref();
    },
  };
}
