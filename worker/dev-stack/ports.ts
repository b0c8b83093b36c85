import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WantedPort {
  /** The environment name that moves it. */
  readonly variable: string;
  readonly host: string;
  readonly port: number;
}

/** A sentence for every port that cannot be ours; empty when all are free. */
export async function portProblems(wanted: readonly WantedPort[]): Promise<readonly string[]> {
  const problems = await Promise.all(
    wanted.map(async ({ variable, host, port }, index) => {
      const rival = wanted.slice(0, index).find((earlier) => earlier.port === port);
      if (rival) return `${variable} and ${rival.variable} are both ${port}. Change one of them.`;
      if ((await canListen(host, port)) && !(await accepts(host, port))) return null;
      return `${variable} ${port} is in use by another process. Stop it or set ${variable}.`;
    }),
  );
  return problems.filter((problem) => problem !== null);
}

const canListen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/** Some systems let two processes listen on one port, one of them on all addresses: then only a call tells. */
const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const pollMs = 100;

/** Asks again until the check passes or the signal says to stop. */
async function until(check: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await check())) await sleep(pollMs);
}

export const acceptsConnections =
  (host: string, port: number) =>
  (signal: AbortSignal): Promise<void> =>
    until(() => accepts(host, port), signal);

/** Resolves when the address answers 2xx. */
export const answersOk =
  (url: string) =>
  (signal: AbortSignal): Promise<void> =>
    until(
      () =>
        fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) }).then(
          (response) => response.ok,
          () => false,
        ),
      signal,
    );
