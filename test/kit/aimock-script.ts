import { createServer, request as sendRequest } from 'node:http';
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
  const door = await openDoor(mockUrl);
  const played = new Map<string, number>();
  const calls = (): number => mock.getRequests().length;
  return {
    url: door.url,
    script: {
      play: (conversationId, turns) => {
        const base = played.get(conversationId) ?? 0;
        turns.forEach((turn, index) =>
          mock.prependFixture({
            match: { predicate: (asked) => isTurn(asked, conversationId, base + index) },
            response: responseOf(turn),
          }),
        );
        played.set(conversationId, base + turns.length);
        return Promise.resolve();
      },
      release: () => Promise.reject(new Error('aimock holds no requests.')),
      stub: (answer) => {
        mock.clearFixtures().on({}, responseOf({ answer }));
        return Promise.resolve();
      },
      calls: () => Promise.resolve(calls()),
      called: async (count) => {
        while (calls() < count) await new Promise((resolve) => setTimeout(resolve, 20));
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

/** Passes requests on, with our name of the conversation under aimock's header for contexts. */
async function openDoor(mockUrl: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const context = request.headers['x-chairside-conversation'] ?? '';
    const forward = sendRequest(
      `${mockUrl}${request.url ?? '/'}`,
      { method: request.method, headers: { ...request.headers, 'x-aimock-context': context } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    request.pipe(forward);
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
