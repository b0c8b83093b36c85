import Anthropic from '@anthropic-ai/sdk';
import type { Message, MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { AnthropicAccount } from '../../platform/credentials.js';
import { namesFor, type LlmAnswer, type LlmBackend, type LlmRequest, type RawBlock } from './backend.js';
import { MalformedAnswer } from './errors.js';

/** The vendor's own address; given explicitly, so that `ANTHROPIC_BASE_URL` of the process is never read behind the tenant's back. */
const vendorUrl = 'https://api.anthropic.com';

/**
 * The Messages API (claude.md 1). One HTTP attempt per call. The SDK's own timeout covers headers only (claude.md 1.7), so the signal is
 * the deadline. Answers are not streamed: nothing may be spoken before its claims are checked.
 */
export function createApiBackend({ apiKey, baseUrl }: AnthropicAccount): LlmBackend {
  const client = new Anthropic({
    apiKey: apiKey.reveal(),
    baseURL: baseUrl ?? vendorUrl,
    maxRetries: 0,
    // The SDK logs bodies at debug level and traces when a provider is registered: both would hold patient data (claude.md 1.1).
    logLevel: 'off',
    openTelemetry: false,
  });
  return {
    name: 'api',
    async step(request, signal) {
      const headers = baseUrl === null ? {} : namesFor(request);
      const { data, request_id: requestId } = await client.messages
        .create(toWire(request), { signal, headers })
        .withResponse();
      return toAnswer(data, requestId ?? null);
    },
  };
}

/** The request as the API takes it (claude.md 1.2): no sampling parameters, no forced tool, no prefill; those are a 400 on 5.x models. */
function toWire({ bundle, messages, maxTokens, userKey }: LlmRequest): MessageCreateParamsNonStreaming {
  return {
    model: bundle.model,
    max_tokens: maxTokens,
    // Moves the cache breakpoint to the last block of each call; the one on the last system block is in the bundle (claude.md 1.5).
    cache_control: { type: 'ephemeral' },
    system: bundle.system.map((block) => ({ ...block })),
    tools: bundle.tools.map((tool) => ({
      ...tool,
      input_schema: { ...tool.input_schema, required: [...tool.input_schema.required] },
    })),
    tool_choice: { ...bundle.toolChoice },
    output_config: {
      effort: bundle.effort,
      format: { type: 'json_schema', schema: { ...bundle.formatSchema } },
    },
    ...(bundle.thinking === null ? {} : { thinking: { ...bundle.thinking } }),
    metadata: { user_id: userKey },
    messages: messages.map(({ role, content }) => ({
      role,
      content: content as unknown as Message['content'],
    })),
  };
}

/** Blocks stay as they came, also of kinds that this code does not know. */
function toAnswer(data: unknown, requestId: string | null): LlmAnswer {
  const { content, stop_reason: stopReason, usage, model } = isRecord(data) ? data : {};
  if (!Array.isArray(content) || !content.every(isBlock)) throw new MalformedAnswer('no content blocks');
  if (typeof stopReason !== 'string') throw new MalformedAnswer('no stop reason');
  if (typeof model !== 'string') throw new MalformedAnswer('no model');
  return { content, stopReason, usage: usage ?? null, requestId, model };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBlock = (value: unknown): value is RawBlock => isRecord(value) && typeof value['type'] === 'string';
