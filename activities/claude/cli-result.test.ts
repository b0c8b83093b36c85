import { describe, expect, it } from 'vitest';
import { readCliResult } from './cli-result.js';
import { MalformedAnswer, type CliFailure } from './errors.js';

/** A result as 2.1.197 prints it (claude.md 2.4), with invented content. */
const plain = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  api_error_status: null,
  num_turns: 1,
  result: 'Hi',
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 2 },
  modelUsage: { 'claude-sonnet-5-5': { costUSD: 99 } },
  permission_denials: [],
};
const read = (exitCode: number | null, change: object) =>
  readCliResult(exitCode, JSON.stringify({ ...plain, ...change }), 'asked');

describe('the result of the CLI', () => {
  it('is an answer only when exit code, error flag and turns agree', () => {
    expect(read(0, {})).toMatchObject({ stopReason: 'end_turn', model: 'claude-sonnet-5-5' });
    for (const [exitCode, change] of [
      [0, { num_turns: 0, result: "/help isn't available in this environment" }],
      [1, {}],
      [null, {}],
      [0, { type: 'system' }],
      [0, { result: undefined }],
    ] as const) {
      expect(() => read(exitCode, change)).toThrow(MalformedAnswer);
    }
    for (const stdout of ['', 'unknown flag', '[]', 'null'])
      expect(() => readCliResult(0, stdout, 'asked')).toThrow(MalformedAnswer);
  });

  it('is no answer when the CLI calls a failed call a success', () => {
    const failure = (change: object): unknown => {
      try {
        return read(1, { is_error: true, ...change });
      } catch (error) {
        return error;
      }
    };
    expect(failure({ api_error_status: 529 })).toMatchObject({ name: 'CliFailure', status: 529 });
    expect(failure({ result: 'API Error: timed out' })).toMatchObject({ status: null });
    expect(failure({ result: 'Not logged in · Please run /login' })).toMatchObject({ status: 401 });
    expect((failure({ result: 'API Error: the caller is Ann' }) as CliFailure).message).not.toContain('Ann');
  });

  it('asks for tools only with calls in it', () => {
    const turns = { is_error: true, subtype: 'error_max_turns', result: undefined };
    expect(() => read(1, turns)).toThrow(MalformedAnswer);
    expect(() => read(1, { ...turns, permission_denials: [{ tool_name: 'x' }] })).toThrow(MalformedAnswer);
    const denial = {
      tool_use_id: 'toolu_1',
      tool_name: 'mcp__pms__cancel',
      tool_input: { appointment: 'A1' },
    };
    expect(read(1, { ...turns, permission_denials: [denial] })).toMatchObject({
      stopReason: 'tool_use',
      content: [{ type: 'tool_use', id: 'toolu_1', name: 'cancel', input: { appointment: 'A1' } }],
    });
  });
});
