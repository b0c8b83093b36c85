import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { administer } from './admin-door.js';
import { sendError } from './error-answers.js';
import { answerModel } from './model-door.js';
import { createSimulation } from './simulation.js';
import { newRequestId } from './wire.js';

export interface ClaudeSimulator {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The API's own limit (claude.md 1.1). */
const longestBody = 32 * 1024 * 1024;

/**
 * A Messages API server. Plays scripted turns where there are any, else a fixed answer when stubbed, else a receptionist by rules. Refuses
 * what the API refuses (request-check.ts) with 400 and notes it in the journal. Rejects when the port is taken.
 */
export async function startClaudeSimulator(options: {
  readonly port?: number;
  readonly host?: string;
}): Promise<ClaudeSimulator> {
  const simulation = createSimulation();
  const host = options.host ?? '127.0.0.1';

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else failed(response, error);
    });
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const method = request.method ?? '';
    const body = await readBody(request);
    if (body === null) sendError(response, tooLarge, 'Request exceeds the maximum size', newRequestId());
    else if (method === 'POST' && url.pathname === '/v1/messages')
      await answerModel(simulation, request, body, response);
    else if (url.pathname.startsWith('/admin/')) administer(simulation, { method, url, body }, response);
    else if (method === 'HEAD') response.writeHead(200).end();
    else sendError(response, { status: 404, type: 'not_found_error' }, 'Not found', newRequestId());
  }

  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const tooLarge = { status: 413, type: 'request_too_large' };

/** A defect of the simulator itself; it must be seen by whoever runs a test. */
const failed = (response: ServerResponse, error: unknown): void =>
  sendError(
    response,
    { status: 500, type: 'api_error' },
    `simulator defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    newRequestId(),
  );

/** The body as text; null when it is longer than the API takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= longestBody) chunks.push(chunk as Buffer);
  }
  return length > longestBody ? null : Buffer.concat(chunks).toString('utf8');
}
