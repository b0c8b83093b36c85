import type { ToolAnswer } from '../../../domain/agent/tools.js';

export const done = (data: unknown): ToolAnswer => ({ ok: true, data });

/** `sayHint` tells the model what it may say; instructions beyond that do not belong in results (claude.md 5.1). */
export const failed = (code: string, sayHint: string, retryable = false, data?: unknown): ToolAnswer => ({
  ok: false,
  error: { code, retryable, say_hint: sayHint, ...(data === undefined ? {} : { data }) },
});

export const unknownReference = (known: readonly string[]): ToolAnswer =>
  failed('unknown_reference', 'That reference does not exist here.', true, { known });
