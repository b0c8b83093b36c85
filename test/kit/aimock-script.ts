import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import {
  LLMock,
  type ChatCompletionRequest,
  type TextResponse,
  type ToolCallResponse,
} from '@copilotkit/aimock';
import type { AgentAnswer } from '../../domain/agent/answer.js';
import type { ModelServer, ScriptedTurn } from './model-script.js';

/** What a conversation hears that has no turns of its own. */
const greeting: AgentAnswer = { claims: [], needs_human: false, language: 'en', say: 'How can I help you?' };

/**
 * A model server that is not ours: what passes with both cannot lean on a quirk of our own simulator (claude.md 3).
 * Turns are matched by what a request holds, never by what was served before: the conversation, and how often the model has spoken in it.
 * So a request that is repeated after a crash gets the same turn again.
 */
export async function startAimock(): Promise<ModelServer> {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  mock.on({}, responseOf({ answer: greeting }));
  const mockUrl = await mock.start();
  const gates = new Map<string, Gate>();
  let calls = 0;
  const door = await openDoor(mockUrl, async (asked, gone) => {
    calls += 1;
    const gate = gates.get(placeOf(asked.conversationId, asked.turn));
    if (!gate || gate.isUsed) return;
    gate.isUsed = true;
    await Promise.race([gate.opened, gone]);
  });
  const played = new Map<string, number>();
  return {
    url: door.url,
    script: {
      play: (conversationId, turns) => {
        let place = played.get(conversationId) ?? 0;
        for (const turn of turns) {
          if ('hold' in turn) {
            gates.set(placeOf(conversationId, place), createGate());
            continue;
          }
          const mine = place++;
          mock.prependFixture({
            match: { predicate: (asked) => isTurn(asked, conversationId, mine) },
            response: responseOf(turn),
          });
        }
        played.set(conversationId, place);
        return Promise.resolve();
      },
      release: () => {
        for (const gate of gates.values()) gate.open();
        return Promise.resolve();
      },
      stub: (answer) => {
        mock.clearFixtures().on({}, responseOf({ answer: answer ?? greeting }));
        return Promise.resolve();
      },
      latency: () => Promise.reject(new Error('aimock answers at once.')),
      calls: () => Promise.resolve(calls),
      called: async (count) => {
        while (calls < count) await new Promise((resolve) => setTimeout(resolve, 20));
      },
      // It checks nothing; our simulator does.
      violations: () => Promise.resolve([]),
    },
    close: async () => {
      await door.close();
      await mock.stop();
    },
  };
}

/** Holds back the first request for one turn: aimock itself answers at once. */
interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
  isUsed: boolean;
}

function createGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open(), isUsed: false };
}

const placeOf = (conversationId: string, turn: number): string => `${conversationId} ${turn}`;

/** aimock's own `turnIndex` also takes a near one. */
const isTurn = (asked: ChatCompletionRequest, conversationId: string, turn: number): boolean =>
  asked._context === conversationId &&
  asked.messages.filter(({ role }) => role === 'assistant').length === turn;

function responseOf(turn: ScriptedTurn): TextResponse | ToolCallResponse {
  if ('answer' in turn) return { content: JSON.stringify(turn.answer) };
  if ('toolCalls' in turn) {
    return {
      toolCalls: turn.toolCalls.map(({ name, input }) => ({ name, arguments: JSON.stringify(input) })),
    };
  }
  throw new Error('aimock plays answers and tool calls only.');
}

interface Asked {
  readonly conversationId: string;
  /** How often the model has spoken. */
  readonly turn: number;
}

/** Passes requests on, with our name of the conversation under aimock's header for contexts, once `admit` lets them. */
async function openDoor(
  mockUrl: string,
  admit: (asked: Asked, gone: Promise<void>) => Promise<void>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const context = String(request.headers['x-chairside-conversation'] ?? '');
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const { messages } = JSON.parse(body.toString()) as { readonly messages: readonly { role: string }[] };
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    await admit({ conversationId: context, turn }, gone);
    if (response.destroyed) return;
    const forward = sendRequest(
      `${mockUrl}${request.url ?? '/'}`,
      { method: request.method, headers: { ...request.headers, 'x-aimock-context': context } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    forward.end(body);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
