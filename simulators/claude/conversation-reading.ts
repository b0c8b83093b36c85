import { blocksOf, type Block, type MessagesRequest } from './messages.js';

/** What happened so far, in order, as the receptionist reads it from a request. */
export type Happening =
  | { readonly kind: 'caller'; readonly text: string }
  | { readonly kind: 'agent'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly input: Record<string, unknown>;
      readonly ok: boolean;
      readonly data: Record<string, unknown>;
      readonly code: string;
      readonly hint: string;
      /** The result as it came. */
      readonly raw: string;
    };

export interface Practice {
  readonly today: string;
  readonly name: string;
  readonly phone: string;
  readonly locations: readonly {
    readonly key: string;
    readonly name: string;
    readonly address: string;
    /** Day by day; empty when unknown. */
    readonly hours: string;
  }[];
  readonly language: 'en' | 'es';
  readonly visitTypes: readonly { readonly key: string; readonly name: string }[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the whole request again: the receptionist keeps no state of its own. */
export function readConversation(request: MessagesRequest): {
  readonly happenings: readonly Happening[];
  readonly practice: Practice;
} {
  const happenings: Happening[] = [];
  const calls = new Map<string, Block>();
  let context: Record<string, unknown> = {};
  for (const message of request.messages) {
    for (const block of blocksOf(message)) {
      if (block.type === 'tool_use' && block.id) calls.set(block.id, block);
      else if (block.type === 'tool_result') happenings.push(readResult(block, calls));
      else if (block.type === 'text' && block.text !== undefined) {
        if (message.role === 'assistant') happenings.push({ kind: 'agent', text: saidIn(block.text) });
        else if (block.text.startsWith('[context] '))
          context = parseRecord(block.text.slice('[context] '.length));
        else if (!/^\[(?:notice|caller interrupted)/.test(block.text))
          happenings.push({ kind: 'caller', text: block.text });
      }
    }
  }
  return { happenings, practice: practiceOf(context, textOfSystem(request.system)) };
}

function readResult(block: Block, calls: ReadonlyMap<string, Block>): Happening {
  const call = calls.get(block.tool_use_id ?? '');
  const raw = typeof block.content === 'string' ? block.content : JSON.stringify(block.content ?? '');
  const answer = parseRecord(raw);
  const error = isRecord(answer['error']) ? answer['error'] : {};
  return {
    kind: 'tool',
    name: call?.name ?? '',
    input: isRecord(call?.input) ? call.input : {},
    ok: answer['ok'] === true,
    data: isRecord(answer['data']) ? answer['data'] : {},
    code: textOf(error['code']),
    hint: textOf(error['say_hint']),
    raw,
  };
}

function parseRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** What the caller heard of an answer. */
const saidIn = (text: string): string => textOf(parseRecord(text)['say']) || text;

const textOfSystem = (system: unknown): string =>
  typeof system === 'string'
    ? system
    : (Array.isArray(system) ? system.filter(isRecord) : []).map(({ text }) => textOf(text)).join('\n');

/** The hours of an office stand in the system text, day by day (`... opening hours: Monday 8:00 AM to 5:00 PM, ...`). */
const hoursOf = (office: string, system: string): string =>
  system
    .split('\n')
    .map((line) => line.split(`${office} opening hours: `)[1])
    .find((hours) => hours !== undefined)
    ?.replace(/\.$/, '') ?? '';

function practiceOf(context: Record<string, unknown>, system: string): Practice {
  const now = isRecord(context['now']) ? context['now'] : {};
  const practice = isRecord(context['practice']) ? context['practice'] : {};
  const list = (value: unknown): Record<string, unknown>[] =>
    Array.isArray(value) ? value.filter(isRecord) : [];
  return {
    today: typeof now['date'] === 'string' ? now['date'] : new Date().toISOString().slice(0, 10),
    name: textOf(practice['name']) || 'our practice',
    phone: textOf(practice['phone']),
    language: context['language'] === 'es' ? 'es' : 'en',
    locations: list(context['locations']).map(({ key, name, address }) => ({
      key: String(key),
      name: String(name),
      address: String(address),
      hours: hoursOf(String(name), system),
    })),
    visitTypes: list(context['visitTypes']).map(({ key, name }) => ({
      key: String(key),
      name: String(name),
    })),
  };
}
