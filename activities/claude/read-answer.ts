import { parseAnswer } from '../../domain/agent/parse-answer.js';
import type { RawBlock } from './backend.js';
import { MalformedAnswer } from './errors.js';
import type { ModelStepOutcome, RequestedToolCall } from './model-step-contract.js';

/**
 * What an answer asks of us, by its stop reason (claude.md 1.4). Throws MalformedAnswer for a reason that we do not know or do not use:
 * guessing could run a call that the model never finished.
 */
export function readAnswer(
  answer: { readonly content: readonly RawBlock[]; readonly stopReason: string | null },
  entryId: string,
): ModelStepOutcome {
  const { content, stopReason } = answer;
  switch (stopReason) {
    case 'end_turn': {
      const text = textOf(content);
      return text.trim() === '' ? { kind: 'empty' } : { kind: 'final', entryId, answer: parseAnswer(text) };
    }
    case 'tool_use':
      return { kind: 'tools', entryId, calls: callsOf(content) };
    case 'max_tokens':
      // Half a call must not run and half a JSON cannot be spoken: both are asked for again.
      return { kind: 'truncated' };
    case 'refusal':
      return { kind: 'refused' };
    case 'model_context_window_exceeded':
      return { kind: 'contextExceeded' };
    case null:
    default:
      throw new MalformedAnswer('a stop reason that we do not use');
  }
}

/** Blocks are told by their type, never by their place: thinking may come first (claude.md 1.4). */
const textOf = (content: readonly RawBlock[]): string =>
  content
    .map((block) => (block.type === 'text' && typeof block['text'] === 'string' ? block['text'] : ''))
    .join('');

function callsOf(content: readonly RawBlock[]): RequestedToolCall[] {
  const calls = content
    .filter((block) => block.type === 'tool_use')
    .map(({ id, name, input }) => {
      if (typeof id !== 'string' || typeof name !== 'string')
        throw new MalformedAnswer('a tool call without id or name');
      return { id, name, input };
    });
  if (calls.length === 0) throw new MalformedAnswer('a stop for tools without a call');
  return calls;
}
