import type { LlmAnswer, RawBlock } from './backend.js';
import { toolNameOf } from './cli-prompt.js';
import { CliFailure, MalformedAnswer } from './errors.js';

/**
 * What a run of the CLI came to, by the tests of claude.md 2.4: exit 0 and a plain result is an answer, exit 1 with denied calls is a
 * request for tools, a refusal is an answer too. Throws CliFailure or MalformedAnswer; neither holds a word of what the CLI wrote.
 */
export function readCliResult(exitCode: number | null, stdout: string, askedModel: string): LlmAnswer {
  const result = parse(stdout);
  const { subtype, is_error: isError, num_turns: turns, stop_reason: stopReason, usage } = result;
  const model = Object.keys(isRecord(result['modelUsage']) ? result['modelUsage'] : {})[0] ?? askedModel;
  const answer = (content: readonly RawBlock[], reason: string): LlmAnswer => ({
    content,
    stopReason: reason,
    usage: usage ?? null,
    requestId: null,
    model,
  });
  if (exitCode === 0 && isError === false) {
    // "/help" in the place of a prompt ends like this, without a call of the model.
    if (typeof turns !== 'number' || turns < 1) throw new MalformedAnswer('a result without a turn');
    if (typeof result['result'] !== 'string') throw new MalformedAnswer('a result without a text');
    return answer(
      [{ type: 'text', text: result['result'] }],
      typeof stopReason === 'string' ? stopReason : 'end_turn',
    );
  }
  if (subtype === 'error_max_turns') return answer(deniedCalls(result['permission_denials']), 'tool_use');
  if (stopReason === 'refusal') return answer([], 'refusal');
  if (isError !== true) throw new MalformedAnswer('neither a result nor an error');
  const status = result['api_error_status'];
  if (typeof status === 'number') throw new CliFailure(status);
  // The only sign of a missing or rejected key before any call (claude.md 2.4).
  throw new CliFailure(String(result['result']).startsWith('Not logged in') ? 401 : null);
}

function deniedCalls(denials: unknown): RawBlock[] {
  if (!Array.isArray(denials) || denials.length === 0) throw new MalformedAnswer('no turn and no calls');
  return denials.map((denial: unknown): RawBlock => {
    const { tool_use_id: id, tool_name: name, tool_input: input } = isRecord(denial) ? denial : {};
    if (typeof id !== 'string' || typeof name !== 'string')
      throw new MalformedAnswer('a call without id or name');
    return { type: 'tool_use', id, name: toolNameOf(name), input };
  });
}

function parse(stdout: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    throw new MalformedAnswer('no JSON on stdout');
  }
  if (!isRecord(value) || value['type'] !== 'result') throw new MalformedAnswer('no result on stdout');
  return value;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
