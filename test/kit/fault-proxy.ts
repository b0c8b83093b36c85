import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to the answer of the next deploy. The request itself always reaches Node-RED and is carried out. */
export type DeployFault =
  /** The connection ends without an answer. */
  | 'drop'
  /** The answer of another machine, as HTML. */
  | 'badGateway'
  /** Half of the body, then the end. */
  | 'cut'
  /** The answer never comes; the client gives up or is killed. */
  | 'hold';

/** Stands between the worker and a Node-RED. */
export interface FaultProxy {
  readonly url: string;
  /** The next `times` deploys (POST /flows) go wrong in this way. */
  failDeploys(fault: DeployFault, times?: number): void;
  /** Holds the next deploy back before it reaches Node-RED; resolves with a function that lets it go. */
  holdNextDeploy(): Promise<() => void>;
  /** Resolves when Node-RED has answered the next deploy, before anybody hears of it. */
  nextDeployApplied(): Promise<void>;
  /** Deploys that reached Node-RED, with its answers. */
  readonly deploys: readonly { readonly status: number }[];
  close(): Promise<void>;
}

/** Starts one before the admin API at `target`, on a free port. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const faults: DeployFault[] = [];
  const deploys: { status: number }[] = [];
  let applied: (() => void)[] = [];
  let holders: ((go: () => void) => void)[] = [];
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
    const isDeploy = incoming.method === 'POST' && /\/flows$/.test(incoming.url?.split('?')[0] ?? '');
    const holder = isDeploy ? holders.shift() : undefined;
    if (holder) await new Promise<void>((go) => holder(go));
    const fault = isDeploy ? faults.shift() : undefined;
    const upstream = httpRequest(`${target}${incoming.url ?? ''}`, {
      method: incoming.method,
      headers: { ...incoming.headers, host: new URL(target).host },
      agent: false,
    });
    upstream.on('error', () => outgoing.destroy());
    upstream.on('response', (response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
        } catch {
          outgoing.destroy();
          return;
        }
        const body = Buffer.concat(chunks);
        if (isDeploy) {
          deploys.push({ status: response.statusCode ?? 0 });
          for (const wake of applied.splice(0)) wake();
        }
        answer(fault, response, body, outgoing);
      })();
    });
    upstream.end(Buffer.concat(parts));
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deploys,
    failDeploys: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    holdNextDeploy: () => new Promise((resolve) => (holders = [...holders, resolve])),
    nextDeployApplied: () => new Promise((resolve) => (applied = [...applied, resolve])),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  fault: DeployFault | undefined,
  { statusCode = 502, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): void {
  switch (fault) {
    case undefined:
      outgoing.writeHead(statusCode, headers).end(body);
      return;
    case 'drop':
      outgoing.destroy();
      return;
    case 'badGateway':
      outgoing.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return;
    case 'cut':
      outgoing.writeHead(statusCode, { ...headers, 'content-length': String(body.length) });
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
      return;
    case 'hold':
      return;
  }
}
