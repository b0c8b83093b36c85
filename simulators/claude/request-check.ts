import { Ajv, type ValidateFunction } from 'ajv';
import requestSchema from './request.schema.json' with { type: 'json' };
import { blocksOf, type MessagesRequest, type WireMessage } from './messages.js';

/** Compiled from the SDK's own types; see generate-request-schema.ts. */
const matchesSdkTypes: ValidateFunction = new Ajv({ strict: false, logger: false }).compile(requestSchema);

/** Models on which a forced tool and a prefilled answer are refused (claude.md 1.2). */
const refusesForcedTool = /^claude-(sonnet|opus)-5-[5-9]|^claude-(fable|mythos)-5-[1-9]/;
const refusesPrefill = /^claude-[a-z]+-5/;

/** What a conversation sent before, for the rules about its whole life. */
export interface ConversationMemory {
  readonly model: string;
  /** Name of the prompt bundle that the client says it uses; another one is a repin. */
  readonly bundle: string;
  readonly frozen: string;
  readonly messages: readonly string[];
}

/**
 * Names of the rules that a request breaks, in words; empty when it is fine (claude.md 3, request checks 1 and 2). Messages that the
 * request `before` had too match the schema: it was accepted.
 */
export function violationsOf(
  request: MessagesRequest,
  now: ConversationMemory,
  before: ConversationMemory | undefined,
): string[] {
  const sampling = samplingParameters(request);
  if (sampling.length > 0) return sampling;
  const known = now.messages.findIndex((message, index) => message !== before?.messages[index]);
  const fresh = known > 0 ? { ...request, messages: request.messages.slice(known) } : request;
  // The whole request is looked at for the place of the error only.
  if (!matchesSdkTypes(fresh) && !matchesSdkTypes(request)) {
    const [error] = matchesSdkTypes.errors ?? [];
    const named = JSON.stringify(error?.params ?? {});
    return [`schema: ${error?.instancePath ?? ''} ${error?.message ?? 'does not match'} ${named}`];
  }
  return [
    ...toolAnswers(request.messages),
    ...modelRules(request),
    ...(before ? lifeRules(now, before) : []),
  ];
}

/** Rules 1 and 2: every tool_use is answered in the very next user message, results first; no result without its call. */
function toolAnswers(messages: readonly WireMessage[]): string[] {
  const broken: string[] = [];
  const merged = mergeRoles(messages);
  merged.forEach((message, index) => {
    const blocks = blocksOf(message);
    const calls = blocks.filter((block) => block.type === 'tool_use').map((block) => block.id);
    const next = merged[index + 1];
    if (message.role === 'assistant' && calls.length > 0) {
      const answers = next ? blocksOf(next).filter((block) => block.type === 'tool_result') : [];
      if (calls.some((id) => !answers.some((answer) => answer.tool_use_id === id)))
        broken.push('rule 1: a tool_use is not answered in the next user message');
    }
    if (message.role !== 'user') return;
    const previous = merged[index - 1];
    const asked = previous
      ? blocksOf(previous)
          .filter((block) => block.type === 'tool_use')
          .map((block) => block.id)
      : [];
    const results = blocks.filter((block) => block.type === 'tool_result');
    if (results.some((result) => !asked.includes(result.tool_use_id)))
      broken.push('rule 2: a tool_result without its tool_use');
    const firstOther = blocks.findIndex((block) => block.type !== 'tool_result');
    if (firstOther >= 0 && blocks.slice(firstOther).some((block) => block.type === 'tool_result'))
      broken.push('rule 1: tool results stand first');
  });
  return broken;
}

/** Consecutive messages of one role are one message to the API. */
function mergeRoles(messages: readonly WireMessage[]): WireMessage[] {
  const merged: WireMessage[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role === message.role)
      merged[merged.length - 1] = { role: message.role, content: [...blocksOf(last), ...blocksOf(message)] };
    else merged.push(message);
  }
  return merged;
}

/** Rule 4. The SDK's types lack them too, but a schema's words for that help nobody. */
const samplingParameters = (request: MessagesRequest): string[] =>
  ['temperature', 'top_p', 'top_k'].filter((name) => name in request).map((name) => `rule 4: ${name}`);

/** Rule 3: no forced tool or prefill on models that refuse them. */
function modelRules(request: MessagesRequest): string[] {
  const forced = request.tool_choice?.type === 'any' || request.tool_choice?.type === 'tool';
  return [
    ...(forced && refusesForcedTool.test(request.model) ? ['rule 3: a forced tool'] : []),
    ...(request.messages.at(-1)?.role === 'assistant' && refusesPrefill.test(request.model)
      ? ['rule 3: a prefilled answer']
      : []),
  ];
}

/** Rules 5 and 6: tools and system as in the first request, earlier messages unchanged. After a switch of the model or a repin only words must be kept. */
function lifeRules(now: ConversationMemory, before: ConversationMemory): string[] {
  const same = before.model === now.model && before.bundle === now.bundle;
  const words = ({ messages }: ConversationMemory): readonly string[] =>
    same ? messages : messages.map(withoutThinking);
  const [earlier, later] = [words(before), words(now)];
  return [
    ...(same && now.frozen !== before.frozen
      ? ['rule 5: tools or system differ from the first request']
      : []),
    ...(earlier.every((message, index) => later[index] === message)
      ? []
      : ['rule 6: earlier messages were changed']),
  ];
}

/** What a later request of the same conversation is compared with. */
export const memoryOf = (request: MessagesRequest, bundle: string): ConversationMemory => ({
  model: request.model,
  bundle,
  frozen: JSON.stringify([request.system, request.tools]),
  messages: Array.isArray(request.messages) ? request.messages.map((message) => JSON.stringify(message)) : [],
});

/** A message as another model may be sent it: thinking is bound to the model that thought (claude.md 1.4). */
function withoutThinking(json: string): string {
  const message = JSON.parse(json) as WireMessage;
  return JSON.stringify([message.role, blocksOf(message).filter(({ type }) => !/thinking/.test(type))]);
}
