import type { PromptBundle } from '../../platform/prompts/prompt-bundle.js';

/** A content block exactly as the model sent it or as we sent it: stored and sent again verbatim (claude.md summary 3). */
export type RawBlock = Readonly<Record<string, unknown>> & { readonly type: string };

export interface LlmMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly RawBlock[];
}

export interface LlmRequest {
  /** Everything that stays the same for the life of a conversation. */
  readonly bundle: PromptBundle;
  readonly messages: readonly LlmMessage[];
  readonly maxTokens: number;
  /** Opaque name of the conversation for the provider's abuse reports (`metadata.user_id`): no id of ours, no person. */
  readonly userKey: string;
  /** Sent in clear to endpoints that are not the vendor's, so that a simulator can tell conversations apart. */
  readonly conversationId: string;
  /** Hash of `bundle`; sent like the conversation's id. */
  readonly promptBundle: string;
}

export interface LlmAnswer {
  readonly content: readonly RawBlock[];
  readonly stopReason: string;
  /** As received. Costs are derived from it, now and again when prices are corrected (claude.md 8). */
  readonly usage: unknown;
  readonly requestId: string | null;
  /** The model that answered, as it names itself. */
  readonly model: string;
}

/** Whatever can play the model. One call, one attempt: Temporal repeats (claude.md summary 6). */
export interface LlmBackend {
  readonly name: string;
  /**
   * One model call. Ends at the latest when `signal` does. Rejects with the backend's own error, which `errors.ts` classifies; nothing of
   * it may travel further, since it may quote what was sent.
   */
  step(request: LlmRequest, signal: AbortSignal): Promise<LlmAnswer>;
}

/** Headers that tell a simulator whose call it is; never sent to the vendor. */
export const namesFor = ({ conversationId, promptBundle }: LlmRequest): Record<string, string> => ({
  'x-chairside-conversation': conversationId,
  'x-chairside-prompt-bundle': promptBundle,
});
