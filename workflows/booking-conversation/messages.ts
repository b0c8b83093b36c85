import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ConversationBudget } from '../../domain/agent/practice-facts.js';
import type { Outcome } from '../../domain/outcome.js';
import type { Channel, Environment } from '../../domain/tenant.js';

/** The workflow type; a stored history names it, so it never changes. */
export const bookingConversationType = 'bookingConversation';

export type Language = 'en' | 'es';
export type ConversationStatus = 'open' | 'handoff' | 'closed';

/** Durations of one conversation; the API leaves them out, tests inject short ones (no test waits for a real idle hour). */
export interface ConversationTimings {
  /** Silence after which the agent asks whether the caller is still there; on the phone twice. */
  readonly silencePromptMs: number;
  /** Silence after which the conversation closes politely and releases its holds. */
  readonly idleCloseMs: number;
  /** Pause after a message that overtook a model step, in which more of the burst may come. */
  readonly debounceMs: number;
  /** Time that a colleague has to answer a hand-off. */
  readonly handoffAnswerMs: number;
  /** Turns after which the run continues as new (temporal.md 3: latency grows with the updates of a run). */
  readonly turnsPerRun: number;
}

/** First input of a conversation. Holds ids and settings only: no names, numbers or texts. */
export interface ConversationStart {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly channel: Channel;
  readonly language: Language;
  readonly isTest: boolean;
  readonly timings?: Partial<ConversationTimings>;
  /** Instead of the product's limits, channel limits included. The API leaves it out; benches of long conversations inject it. */
  readonly budget?: Partial<ConversationBudget>;
}

/** What a caller said. `messageId` is the client's own id: the same id again gets the same reply, never a second turn. */
export interface CallerMessage {
  readonly messageId: string;
  readonly text: string;
}

/** The answer to one caller message. Several messages of one burst share one turn and one text. */
export interface Reply {
  readonly messageId: string;
  readonly turn: number;
  /** Transcript entry that holds the text. */
  readonly entryId: string;
  readonly text: string;
  readonly language: Language;
  readonly status: ConversationStatus;
  readonly outcome: Outcome;
  readonly promptBundle: string;
}

export type ReplyState =
  | { readonly kind: 'replied'; readonly reply: Reply }
  | { readonly kind: 'pending' }
  /** Never seen, or so long ago that the store must be asked. */
  | { readonly kind: 'unknown' };

/** One entry of the ledger as operators and the API see it. */
export interface LedgerLine {
  readonly kind: 'booked' | 'moved' | 'cancelled';
  readonly appointmentRef: string;
  readonly appointmentGuid: string;
  /** `YYYY-MM-DDTHH:MM` at the location. */
  readonly start: string;
  readonly locationKey: string;
}

/** What the conversation is at this moment, without personal data. */
export interface ConversationSnapshot {
  readonly conversationId: string;
  readonly status: ConversationStatus;
  readonly outcome: Outcome;
  readonly turn: number;
  readonly identityLevel: 'L0' | 'L1' | 'L2';
  readonly promptBundle: string | null;
  readonly waitingMessages: number;
  readonly hold: { readonly ref: string; readonly expiresAtMs: number } | null;
  readonly ledger: readonly LedgerLine[];
  readonly modelCalls: number;
  readonly closeReason: string | null;
}

/** Update: one caller message in, its reply out. Update id = message id. Fails with ConversationClosed, InboxFull or MessageInvalid. */
export const sendMessage = defineUpdate<Reply, [CallerMessage]>('sendMessage');

/** Update: ends the conversation, releases its holds and answers with its last state. Ending an ended conversation is no error. */
export const endConversation = defineUpdate<ConversationSnapshot, [{ readonly reason: string }]>(
  'endConversation',
);

/** What an operator gives to move a running conversation to another prompt bundle. */
export interface RepinOrder {
  readonly promptBundle: string;
  readonly reason: string;
}

/**
 * Update: the conversation goes on with this bundle, which must be in the store; a turn under way ends with the old one. Everything after
 * it is stamped with the new hash. Fails with ConversationClosed.
 */
export const repinConversation = defineUpdate<ConversationSnapshot, [RepinOrder]>('repinConversation');

export const conversationState = defineQuery<ConversationSnapshot>('conversationState');
export const replyOf = defineQuery<ReplyState, [string]>('replyOf');

/** A colleague, by the id of their account. */
interface StaffOrder {
  readonly userId: string;
}

/** Update: a colleague takes the conversation over and the model falls silent. Taking over what is handed off already is no error. */
export const handOff = defineUpdate<ConversationSnapshot, [StaffOrder & { readonly reason: string }]>(
  'handOff',
);

/** Update: words of a colleague to the caller. Fails with NotHandedOff, ConversationClosed or MessageInvalid. */
export const staffMessage = defineUpdate<
  ConversationSnapshot,
  [StaffOrder & { readonly messageId: string; readonly text: string }]
>('staffMessage');

/** Update: gives the conversation back to the agent, with a note for it. Fails with NotHandedOff or ConversationClosed. */
export const returnToAgent = defineUpdate<ConversationSnapshot, [StaffOrder & { readonly note: string }]>(
  'returnToAgent',
);

/** Signal: the caller began to speak after this many characters of the agent's latest words. */
export const bargeIn = defineSignal<[{ readonly heardChars: number }]>('bargeIn');
