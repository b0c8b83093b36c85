import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { playFault, sendError } from './faults.js';
import type { MessagesRequest, Turn } from './messages.js';
import { receptionist } from './receptionist.js';
import { memoryOf, violationsOf, type ConversationMemory } from './request-check.js';
import { createScript, plainTurn, scriptedTurn, turnOf } from './script.js';
import { newRequestId, prefixTokens, sendTurn } from './wire.js';

export interface ClaudeSimulator {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface JournalEntry {
  readonly seq: number;
  readonly conversation: string;
  readonly model: string;
  readonly violations: readonly string[];
  status: number | null;
}

/** Requests that the journal keeps: enough for the longest test, little enough for a day of `npm start`. */
const journalLength = 20_000;

/**
 * A Messages API server. Plays scripted turns where there are any, else a fixed answer when stubbed, else a receptionist by rules. Refuses
 * what the API refuses (request-check.ts) with 400 and notes it in the journal.
 */
export async function startClaudeSimulator(options: {
  readonly port?: number;
  readonly host?: string;
}): Promise<ClaudeSimulator> {
  const script = createScript();
  const memories = new Map<string, ConversationMemory>();
  const cached = new Map<string, number>();
  const journal: JournalEntry[] = [];
  const held = new Set<() => void>();
  let seq = 0;
  let stub: Turn | null = null;
  let latencyMs = 0;

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error instanceof Error ? error.message : 'failed');
    });
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no port.');

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const body = await readBody(request);
    if (url.pathname === '/v1/messages' && request.method === 'POST')
      await answerModel(request, body, response, url);
    else if (url.pathname.startsWith('/admin/'))
      administer(`${request.method ?? ''} ${url.pathname}`, body, response, url);
    else response.writeHead(request.method === 'HEAD' ? 200 : 404).end();
  }

  async function answerModel(
    request: IncomingMessage,
    body: unknown,
    response: ServerResponse,
    url: URL,
  ): Promise<void> {
    const requestId = newRequestId();
    if (!request.headers['x-api-key'] && !request.headers.authorization) {
      sendError(response, { status: 401, type: 'authentication_error' }, 'no credentials', requestId);
      return;
    }
    const asked = body as MessagesRequest;
    const conversation = String(request.headers['x-chairside-conversation'] ?? '');
    // The CLI sends betas that the SDK's types do not know (claude.md 2.2).
    const strict = !url.searchParams.has('beta') && request.headers['anthropic-beta'] === undefined;
    const violations = strict ? violationsOf(asked, memories.get(conversation)) : [];
    const entry: JournalEntry = {
      seq: ++seq,
      conversation,
      model: String(asked.model),
      violations,
      status: null,
    };
    journal.push(entry);
    if (journal.length > journalLength) journal.shift();
    response.on('finish', () => (entry.status = response.statusCode));
    if (violations.length > 0) {
      sendError(response, { status: 400, type: 'invalid_request_error' }, violations.join('; '), requestId);
      return;
    }
    const scripted = script.next(conversation);
    if (scripted && 'hold' in scripted) {
      await untilReleased(response);
      if (!response.destroyed) await answerModel(request, body, response, url);
      return;
    }
    await sleep(latencyMs + (scripted?.delayMs ?? 0));
    if (scripted && 'fault' in scripted && playFault(scripted.fault, response, requestId)) return;
    const turn = (scripted && turnOf(scripted)) ?? stub ?? receptionist(asked);
    if (conversation !== '') {
      memories.set(conversation, memoryOf(asked));
      sendTurn(response, asked, turn, cached.get(conversation) ?? 0, requestId);
      cached.set(conversation, prefixTokens(asked));
    } else sendTurn(response, asked, turn, 0, requestId);
  }

  const untilReleased = (response: ServerResponse): Promise<void> =>
    new Promise((resolve) => {
      const release = (): void => {
        held.delete(release);
        resolve();
      };
      held.add(release);
      response.once('close', release);
    });

  function administer(what: string, body: unknown, response: ServerResponse, url: URL): void {
    const reply = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    switch (what) {
      case 'GET /admin/health':
        return reply({ ok: true });
      case 'POST /admin/scripts': {
        const { conversation, turns } = scriptBody.parse(body);
        script.add(conversation, turns);
        return reply({ queued: turns.length });
      }
      case 'POST /admin/stub':
        stub = plainTurn(JSON.stringify(stubBody.parse(body).answer));
        return reply({});
      case 'DELETE /admin/stub':
        stub = null;
        return reply({});
      case 'POST /admin/release':
        for (const release of [...held]) release();
        return reply({});
      case 'POST /admin/knobs':
        ({ latencyMs } = knobsBody.parse(body));
        return reply({ latencyMs });
      case 'POST /admin/reset':
        script.clear();
        memories.clear();
        cached.clear();
        journal.length = 0;
        stub = null;
        return reply({});
      case 'GET /admin/journal': {
        const conversation = url.searchParams.get('conversation');
        return reply({
          total: seq,
          requests: journal.filter((entry) => conversation === null || entry.conversation === conversation),
        });
      }
      default:
        response.writeHead(404).end();
    }
  }

  return {
    url: `http://${options.host ?? '127.0.0.1'}:${address.port}`,
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const scriptBody = z.strictObject({ conversation: z.string(), turns: z.array(scriptedTurn) });
const stubBody = z.strictObject({ answer: z.looseObject({ say: z.string() }) });
const knobsBody = z.strictObject({ latencyMs: z.number().min(0) });

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as unknown);
}
