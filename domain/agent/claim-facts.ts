import type { ClaimKind } from './answer.js';
import type { PracticeDate, PracticeTime } from '../time/practice-time.js';

/** What is true and known at this moment of the conversation. */
export interface ClaimFacts {
  /** Everything that was done, on whatever list of ours it stands. */
  readonly ledger: readonly {
    readonly kind: Exclude<ClaimKind, 'held' | 'handed_off'>;
    readonly ref: string;
    /** With it, what is told about this entry must name this time and no other. */
    readonly start?: PracticeTime;
  }[];
  /** References of holds that are active. */
  readonly holds: readonly string[];
  /** References of staff tasks. */
  readonly tasks: readonly string[];
  /** Offered slots, own appointments, ledger. */
  readonly times: readonly PracticeTime[];
  /** Starts of the caller's appointments that stand: "you are scheduled for Tuesday at 9:00" is then true without a claim. */
  readonly appointments?: readonly PracticeTime[];
  /** The caller's words of this turn: what they named may be repeated. */
  readonly callerTexts: readonly string[];
  /** Sentences of the practice: hours, addresses, phone. */
  readonly practiceFacts: readonly string[];
  readonly today: PracticeDate;
}

export interface Violation {
  readonly kind:
    | 'claimWithoutLedger'
    | 'unclaimedBookingWords'
    | 'unknownTime'
    | 'unknownDate'
    | 'unknownDoctor'
    | 'unknownPrice'
    | 'rawIdentifier'
    | 'handOffWithoutTask';
  /** The words in question; they go to the model, not into logs. */
  readonly excerpt: string;
}
