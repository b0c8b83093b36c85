import { parseToolCall } from '../../domain/agent/tool-input.js';
import { toolEffect, type ToolAnswer, type ToolCall } from '../../domain/agent/tools.js';
import { store } from '../options.js';
import { callsPerStep, sameCallsPerTurn } from './budget.js';
import type { Conversation } from './conversation.js';
import { mint } from './state.js';
import { failed } from './tools/answers.js';
import { runTool } from './tools/run-tool.js';

/** What the model asked for, unchecked. */
export interface RequestedCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolResult {
  readonly toolUseId: string;
  /** JSON of a ToolAnswer. */
  readonly content: string;
  readonly isError: boolean;
}

/**
 * Answers every call of one model step: reads side by side, writes one by one in the order of the calls, and nothing more after the first
 * write that failed (claude.md 1.2); calls beyond `callsPerStep` are answered and not tried. `repeats` counts equal calls of the turn, so that a loop ends.
 */
export async function runCalls(
  conversation: Conversation,
  requested: readonly RequestedCall[],
  repeats: Map<string, number>,
): Promise<ToolResult[]> {
  const results: Promise<ToolResult>[] = [];
  let writes: Promise<boolean> = Promise.resolve(true);
  if (requested.length > callsPerStep) await recordToolError(conversation, 'step', 'too_many_calls');
  for (const [index, call] of requested.entries()) {
    const checked =
      index < callsPerStep ? await check(conversation, call, repeats) : { answer: tooManyCalls };
    if ('answer' in checked) {
      results.push(Promise.resolve(resultOf(call, checked.answer)));
    } else if (toolEffect[checked.call.name] === 'read') {
      results.push(runTool(conversation, checked.call).then((answer) => resultOf(call, answer)));
    } else {
      const turn = writes.then(async (goOn) => (goOn ? runTool(conversation, checked.call) : notExecuted));
      writes = turn.then((answer) => answer.ok);
      results.push(turn.then((answer) => resultOf(call, answer)));
    }
  }
  return Promise.all(results);
}

const notExecuted = failed(
  'not_executed',
  'An earlier step of this turn did not work, so this one was not tried.',
  true,
);

const tooManyCalls = failed('too_many_calls', 'Too many steps at once; this one was not tried.', true);

const resultOf = (call: RequestedCall, answer: ToolAnswer): ToolResult => ({
  toolUseId: call.id,
  content: JSON.stringify(answer),
  isError: !answer.ok,
});

async function check(
  conversation: Conversation,
  requested: RequestedCall,
  repeats: Map<string, number>,
): Promise<{ readonly call: ToolCall } | { readonly answer: ToolAnswer }> {
  const key = `${requested.name} ${JSON.stringify(requested.input)}`;
  const count = (repeats.get(key) ?? 0) + 1;
  repeats.set(key, count);
  if (count > sameCallsPerTurn) {
    await recordToolError(conversation, requested.name, 'repeated');
    return { answer: failed('repeated', 'The same step was tried before with the same result.') };
  }
  const { practice } = conversation.state;
  const parsed = parseToolCall(requested, {
    visitTypes: practice.visitTypes.map((type) => type.key),
    locations: practice.locations.map((location) => location.key),
  });
  if (parsed.ok) return { call: parsed.call };
  await recordToolError(conversation, requested.name, parsed.code);
  return {
    answer: failed(parsed.code, 'That did not work; the details need to be checked.', true, {
      problems: parsed.problems,
    }),
  };
}

async function recordToolError(conversation: Conversation, tool: string, code: string): Promise<void> {
  const minted = mint(conversation.state, 'finding');
  conversation.apply(() => minted.state);
  const { tenantId, conversationId } = conversation.state.start;
  await store.recordFinding({
    tenantId,
    conversationId,
    findingId: `${conversationId}.${minted.ref}`,
    kind: 'toolError',
    detail: { tool: tool.slice(0, 80), code },
  });
}
