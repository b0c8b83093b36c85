import type { ConversationTimings } from './messages.js';
import type { ConversationState } from './state.js';

/** What tools and the turn loop share: one state, changed by pure steps only, and the caller's words of this turn. */
export interface Conversation {
  readonly state: ConversationState;
  readonly timings: ConversationTimings;
  /** Applies a pure change. Reads may finish in any order, so each takes the state as it is then. */
  apply(change: (state: ConversationState) => ConversationState): void;
  /** The caller's words since the last reply, including those that still wait: a late "no, wait" counts against a consent. */
  callerWords(): readonly string[];
  nowMs(): number;
}
