import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sentences for every port that another process has; empty when all are free. */
export async function takenPorts(
  ports: readonly { readonly variable: string; readonly port: number }[],
): Promise<string[]> {
  const found = await Promise.all(
    ports.map(async (wanted) => ({ ...wanted, free: await isFree(wanted.port) })),
  );
  return found
    .filter(({ free }) => !free)
    .map(
      ({ variable, port }) => `${variable} ${port} is in use by another process. Stop it or set ${variable}.`,
    );
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const pollMs = 50;

/** Resolves when something accepts connections on the port. Throws after the limit. */
export async function untilServing(port: number, limitMs = 30_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await accepts(port)) return;
    await sleep(pollMs);
  }
  throw new Error(`Nothing serves on port ${port} after ${limitMs / 1_000} s.`);
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
