import { z } from 'zod';
import { answerFaults } from './faults.js';
import type { Turn } from './messages.js';
import { newToolUseId } from './wire.js';

/** One exact turn of a scripted conversation, as `POST /admin/scripts` takes it. */
export const scriptedTurn = z.union([
  z.strictObject({ answer: z.looseObject({ say: z.string() }), delayMs: z.number().optional() }),
  z.strictObject({ text: z.string(), delayMs: z.number().optional() }),
  z.strictObject({
    toolCalls: z.array(z.strictObject({ name: z.string(), input: z.unknown() })),
    delayMs: z.number().optional(),
  }),
  z.strictObject({
    raw: z.strictObject({ content: z.array(z.looseObject({ type: z.string() })), stopReason: z.string() }),
    delayMs: z.number().optional(),
  }),
  z.strictObject({ fault: z.string(), delayMs: z.number().optional() }),
  z.strictObject({ hold: z.literal(true) }),
]);
export type ScriptedTurn = z.output<typeof scriptedTurn>;

/** Exact turns by conversation; `*` serves every conversation that has none of its own. */
export interface Script {
  add(conversation: string, turns: readonly ScriptedTurn[]): void;
  next(conversation: string): ScriptedTurn | undefined;
  clear(): void;
}

export function createScript(): Script {
  const queues = new Map<string, ScriptedTurn[]>();
  return {
    add: (conversation, turns) =>
      void queues.set(conversation, [...(queues.get(conversation) ?? []), ...turns]),
    next: (conversation) =>
      queues.get(conversation)?.shift() ?? (queues.has(conversation) ? undefined : queues.get('*')?.shift()),
    clear: () => queues.clear(),
  };
}

/** The message that a scripted turn stands for; null for faults of the wire and held requests. */
export function turnOf(scripted: ScriptedTurn): Turn | null {
  if ('answer' in scripted) return plainTurn(JSON.stringify(scripted.answer));
  if ('text' in scripted) return plainTurn(scripted.text);
  if ('toolCalls' in scripted) return toolTurn(scripted.toolCalls);
  if ('raw' in scripted) return scripted.raw;
  return 'fault' in scripted ? (answerFaults[scripted.fault] ?? null) : null;
}

export const plainTurn = (text: string): Turn => ({
  content: [{ type: 'text', text, citations: null }],
  stopReason: 'end_turn',
});

export const toolTurn = (calls: readonly { readonly name: string; readonly input: unknown }[]): Turn => ({
  content: calls.map(({ name, input }) => ({
    type: 'tool_use',
    id: newToolUseId(),
    name,
    input,
    caller: { type: 'direct' },
  })),
  stopReason: 'tool_use',
});
