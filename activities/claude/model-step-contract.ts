import type { AgentAnswer } from '../../domain/agent/answer.js';
import type { Environment } from '../../domain/tenant.js';
import type { CallerInput } from './caller-entry.js';

/** One model step of a turn. Everything new that the model must see; the rest it has in the transcript. */
export interface ModelStepInput extends CallerInput {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  /** Hash of the bundle that the conversation is pinned to. */
  readonly promptBundle: string;
  readonly turn: number;
  readonly step: number;
  /** `t3.s1`: names the entries that this step writes, so that a repeated activity writes them once. */
  readonly stepId: string;
  /** Entry of an earlier step whose answer the caller never gets. It may not exist when that step was cancelled. */
  readonly supersedes: string | null;
  readonly supersedeReason: string | null;
  /** Asks the bundle's fallback model; from the first switch on for the rest of the conversation. */
  readonly onFallback?: boolean;
  /** 2 after an answer that was cut off (claude.md 1.4). */
  readonly maxTokensFactor: 1 | 2;
}

/** A call as the model wrote it, unchecked. */
export interface RequestedToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What the model step came to. `entryId` names the transcript entry; kinds without one left none behind. */
export type ModelStepOutcome =
  /** `answer` null = not the JSON that we asked for. */
  | { readonly kind: 'final'; readonly entryId: string; readonly answer: AgentAnswer | null }
  | { readonly kind: 'tools'; readonly entryId: string; readonly calls: readonly RequestedToolCall[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'contextExceeded' };

export interface StepSpend {
  /** Millionths of a millionth of a US dollar; a conversation's total stays far below 2^53. */
  readonly costPicoUsd: number;
  readonly weightedTokens: number;
  readonly model: string;
}

export type ModelStepResult = ModelStepOutcome & StepSpend;
