import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Ways } from './node-red-target/deploy.js';
import type { DeploymentTimings } from './node-red-target/messages.js';

/**
 * All option profiles of the product, each with its reason. Only Temporal retries: vendor SDK retries are off (DESIGN rule 6).
 * A worker that dies is noticed by the missing heartbeat; startToClose is the limit of a call that hangs.
 */

/**
 * One model call. Heartbeat 2.5 s: a worker killed in mid-step costs the waiting caller at most 5 s (heartbeat + restart). A cancelled
 * step is awaited (the default), so that two steps never write to one transcript.
 */
export const model = proxyActivities<Activities>({
  startToCloseTimeout: '45s',
  scheduleToCloseTimeout: '120s',
  heartbeatTimeout: '2500ms',
  retry: { initialInterval: '300ms', backoffCoefficient: 2, maximumInterval: '5s', maximumAttempts: 4 },
});

/** Reads of the practice system inside a turn. A throttled read waits as long as the limiter says, without holding a slot. */
export const reads = proxyActivities<Activities>({
  startToCloseTimeout: '75s', // GetOnlineReservations may take 60 s (cloud9.md 4.4)
  scheduleToCloseTimeout: '150s',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '30s', maximumAttempts: 5 },
});

/** Writes that may be sent twice without harm: confirming, setting names, and comments, which carry a marker (cloud9.md 6.11). */
export const repeatable = proxyActivities<Activities>({
  startToCloseTimeout: '75s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '5s',
  // Somebody waits: after half a minute they are told that nobody knows, and where to look.
  retry: { initialInterval: '2s', backoffCoefficient: 3, maximumInterval: '10s', maximumAttempts: 5 },
});

/** Cloud9 takes no idempotency key: a second try may book twice. 60 s is the longest time-out in use (cloud9.md 4.4) plus margin. */
export const once = proxyActivities<Activities>({
  startToCloseTimeout: '75s',
  heartbeatTimeout: '5s',
  retry: { maximumAttempts: 1 },
});

/** Reading that decides what an unclear write did. It outlives a throttle penalty and a restart of the practice system. */
export const reconcile = proxyActivities<Activities>({
  startToCloseTimeout: '75s',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Reads for which nobody waits. They give up before the next hourly run begins; a throttled one waits as long as the limiter says. */
export const background = proxyActivities<Activities>({
  startToCloseTimeout: '5m', // several days of appointments, each up to 30 s (cloud9.md 4.4)
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '5s', backoffCoefficient: 3, maximumInterval: '30s', maximumAttempts: 3 }, // cloud9.md 4.4
});

/** Our own store: idempotent by key, so it is repeated until it works. */
export const store = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
});

/** Activities of one deployment to Node-RED, by how patiently they are asked. Flows of thousands of nodes take seconds to plan. */
export const nodeRedWays = ({
  answerMs,
  writeMs,
  restoreMs,
  proofMs,
  heartbeatMs,
}: Omit<DeploymentTimings, 'approvalMs' | 'idleMs'>): Ways => {
  const shared = { heartbeatTimeout: heartbeatMs } as const;
  // An instance that restarts is back within seconds; a locked login takes eleven minutes (node-red.md 2).
  const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;
  return {
    reads: proxyActivities<Activities>({
      ...shared,
      startToCloseTimeout: '3m',
      scheduleToCloseTimeout: writeMs,
      retry,
    }),
    // It is repeated until its answer is definite; see activities/node-red/send.ts. Reading back takes seconds beside it.
    writes: proxyActivities<Activities>({
      ...shared,
      startToCloseTimeout: answerMs + 45_000,
      scheduleToCloseTimeout: writeMs,
      retry,
    }),
    proofs: proxyActivities<Activities>({
      ...shared,
      startToCloseTimeout: proofMs + 60_000,
      scheduleToCloseTimeout: 2 * (proofMs + 60_000),
      retry,
    }),
    restores: proxyActivities<Activities>({
      ...shared,
      startToCloseTimeout: Math.max(answerMs + 45_000, proofMs + 60_000),
      scheduleToCloseTimeout: restoreMs,
      retry,
    }),
    answerMs,
    proofMs,
  };
};

/** Looks at an instance for which somebody may wait: a few tries, then it counts as unreachable. */
export const nodeRedErrands = proxyActivities<Activities>({
  startToCloseTimeout: '45s',
  scheduleToCloseTimeout: '55s',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 3 },
});

/**
 * Reading traces of the present. One attempt reads for a minute at most; a throttle or an outage is waited out for an hour, then the run
 * ends and the next scheduled one goes on at the stored place.
 */
export const imports = proxyActivities<Activities>({
  startToCloseTimeout: '4m',
  scheduleToCloseTimeout: '1h',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '2m' },
});

/** Reading what a person ordered: nobody starts it again by itself, so it outlives a longer outage. */
export const orderedImports = proxyActivities<Activities>({
  startToCloseTimeout: '4m',
  scheduleToCloseTimeout: '6h',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '2m' },
});

/**
 * Sending our own traces. Nobody waits for them: a throttle or an outage is waited out for a while, then the run ends, so that operators see
 * its failure, and the next one goes on.
 */
export const submissions = proxyActivities<Activities>({
  startToCloseTimeout: '4m',
  scheduleToCloseTimeout: '15m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Asking a Langfuse server about itself while a person waits. */
export const probes = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '40s',
  heartbeatTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 2 },
});

/**
 * Telling the receiver of alerts. One try takes 10 s at most; a receiver that is away is asked again and again, less and less often, until
 * the message is not worth it any more.
 */
export const alertDeliveries = (leftMs: number): ReturnType<typeof proxyActivities<Activities>> =>
  proxyActivities<Activities>({
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: leftMs,
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '15m' },
  });
