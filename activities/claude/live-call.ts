import { Context } from '@temporalio/activity';

/** The proxy's heartbeat timeout is 2.5 s: a killed worker must be noticed while the caller still waits (workflows/options.ts). */
const heartbeatMs = 1_000;

/** Runs `work` while heartbeats tell the server that we live and bring back a cancellation. */
export async function whileAlive<T>(work: (cancellation: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(heartbeat);
  }
}
