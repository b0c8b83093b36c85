import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendError } from './error-answers.js';
import { playFault } from './faults.js';
import type { JournalEntry } from './journal.js';
import type { MessagesRequest } from './messages.js';
import { receptionist } from './receptionist/receptionist.js';
import { memoryOf, violationsOf, type ConversationMemory } from './request-check.js';
import { turnOf } from './script.js';
import type { Simulation } from './simulation.js';
import { newRequestId, sendTurn } from './wire.js';

/** Conversations whose last request is remembered; the oldest go first. */
const mostMemories = 5_000;

/** `POST /v1/messages`: check, then a scripted turn, the stub or the receptionist. */
export async function answerModel(
  simulation: Simulation,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const requestId = newRequestId();
  if (!hasCredentials(request)) {
    sendError(
      response,
      { status: 401, type: 'authentication_error' },
      'x-api-key header is required',
      requestId,
    );
    return;
  }
  const asked = parse(body);
  if (!asked) {
    sendError(response, invalid, 'The request body is not a JSON object.', requestId);
    return;
  }
  const conversation = headerOf(request, 'x-chairside-conversation');
  const memory = memoryOf(asked, headerOf(request, 'x-chairside-prompt-bundle'));
  const violations = isCli(request) ? [] : violationsOf(asked, memory, simulation.memories.get(conversation));
  const entry = simulation.journal.add({
    conversation,
    model: asked.model,
    stream: asked.stream === true,
    requestId,
    violations,
  });
  const began = performance.now();
  response.once('close', () => {
    entry.status = response.headersSent ? response.statusCode : null;
    entry.latencyMs = Math.round(performance.now() - began);
  });
  if (violations.length > 0) sendError(response, invalid, violations.join('; '), requestId);
  else await play(simulation, asked, entry, response, memory);
}

const invalid = { status: 400, type: 'invalid_request_error' };

async function play(
  simulation: Simulation,
  asked: MessagesRequest,
  entry: JournalEntry,
  response: ServerResponse,
  memory: ConversationMemory,
): Promise<void> {
  const { script, gate, cache, latencyMs } = simulation;
  const scripted = script.next(entry.conversation, asked);
  await sleep(latencyMs + (scripted?.delayMs ?? 0));
  if (scripted && 'hold' in scripted) {
    await gate.pass((closed) => response.once('close', closed));
    if (!response.destroyed) await play(simulation, asked, entry, response, memory);
    return;
  }
  const exact = scripted ? turnOf(scripted) : null;
  if (scripted && 'fault' in scripted) entry.answeredBy = `fault ${scripted.fault}`;
  else entry.answeredBy = scripted ? 'script' : simulation.stub ? 'stub' : 'receptionist';
  if (scripted && 'fault' in scripted && !exact) {
    playFault(scripted, response, entry.requestId);
    return;
  }
  const turn = exact ?? simulation.stub ?? receptionist(asked);
  remember(simulation, entry.conversation, memory);
  sendTurn(response, asked, turn, cache.take(asked), entry.requestId);
}

function remember({ memories }: Simulation, conversation: string, memory: ConversationMemory): void {
  if (conversation === '') return;
  memories.delete(conversation);
  memories.set(conversation, memory);
  const oldest = memories.keys().next();
  if (memories.size > mostMemories && !oldest.done) memories.delete(oldest.value);
}

/** Any key will do, but there must be one: a client without its key must not pass a test. */
const hasCredentials = (request: IncomingMessage): boolean =>
  headerOf(request, 'x-api-key').trim() !== '' || /^Bearer\s+\S/i.test(headerOf(request, 'authorization'));

const headerOf = ({ headers }: IncomingMessage, name: string): string => [headers[name]].flat()[0] ?? '';

/** The CLI sends betas that the SDK's types do not know (claude.md 2.2). */
const isCli = ({ headers, url }: IncomingMessage): boolean =>
  headers['anthropic-beta'] !== undefined ||
  new URL(url ?? '/', 'http://simulator').searchParams.get('beta') === 'true';

function parse(body: string): MessagesRequest | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as MessagesRequest)
      : null;
  } catch {
    return null;
  }
}
