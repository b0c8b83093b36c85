import { z } from 'zod';
import { answerOfFault, scriptedFault } from './faults.js';
import { readConversation } from './conversation-reading.js';
import type { MessagesRequest, Turn } from './messages.js';
import { newToolUseId } from './wire.js';

/** Conditions of a turn: it waits in the queue until a request meets them, and others may overtake it. */
const extras = {
  delayMs: z.number().min(0).optional(),
  when: z
    .strictObject({ callerSays: z.string().optional(), toolResultContains: z.string().optional() })
    .optional(),
};

/** One exact turn of a scripted conversation, as `POST /admin/scripts` takes it. */
export const scriptedTurn = z.union([
  z.strictObject({ answer: z.looseObject({ say: z.string() }), ...extras }),
  z.strictObject({ text: z.string(), ...extras }),
  z.strictObject({
    toolCalls: z.array(z.strictObject({ name: z.string(), input: z.unknown() })),
    ...extras,
  }),
  z.strictObject({
    raw: z.strictObject({ content: z.array(z.looseObject({ type: z.string() })), stopReason: z.string() }),
    ...extras,
  }),
  scriptedFault.extend(extras),
  z.strictObject({ hold: z.literal(true), ...extras }),
]);
export type ScriptedTurn = z.output<typeof scriptedTurn>;

/** Exact turns by conversation; `*` serves every conversation that never had any of its own. */
export interface Script {
  add(conversation: string, turns: readonly ScriptedTurn[]): void;
  next(conversation: string, request: MessagesRequest): ScriptedTurn | undefined;
  clear(): void;
}

export function createScript(): Script {
  const queues = new Map<string, ScriptedTurn[]>();
  return {
    add: (conversation, turns) =>
      void queues.set(conversation, [...(queues.get(conversation) ?? []), ...turns]),
    next: (conversation, request) => {
      const queue = queues.get(conversation) ?? queues.get('*') ?? [];
      const index = queue.findIndex((turn) => fits(turn, request));
      return index < 0 ? undefined : queue.splice(index, 1)[0];
    },
    clear: () => queues.clear(),
  };
}

/** Looks at what came since the agent last spoke. */
function fits({ when }: ScriptedTurn, request: MessagesRequest): boolean {
  if (!when) return true;
  const { happenings } = readConversation(request);
  const fresh = happenings.slice(happenings.findLastIndex(({ kind }) => kind === 'agent') + 1);
  const { callerSays = '', toolResultContains = '' } = when;
  return (
    fresh.some((one) => one.kind === 'caller' && one.text.toLowerCase().includes(callerSays.toLowerCase())) &&
    (toolResultContains === '' ||
      fresh.some((one) => one.kind === 'tool' && one.raw.includes(toolResultContains)))
  );
}

/** The message that a scripted turn stands for; null for errors, faults of the wire and held requests. */
export function turnOf(scripted: ScriptedTurn): Turn | null {
  if ('answer' in scripted) return plainTurn(JSON.stringify(scripted.answer));
  if ('text' in scripted) return plainTurn(scripted.text);
  if ('toolCalls' in scripted) return toolTurn(scripted.toolCalls);
  if ('raw' in scripted) return scripted.raw;
  return 'fault' in scripted ? answerOfFault(scripted.fault) : null;
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
