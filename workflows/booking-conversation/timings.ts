import { workflowInfo } from '@temporalio/workflow';
import type { Channel } from '../../domain/tenant.js';
import type { ConversationTimings } from './messages.js';

/** Durations by channel (claude.md 4 and 9). */
export const defaultTimings: Readonly<Record<Channel, ConversationTimings>> = {
  voice: {
    silencePromptMs: 8_000,
    idleCloseMs: 60_000, // a line on which nobody ever spoke
    debounceMs: 0, // the gateway hears when a caller has finished
    handoffAnswerMs: 2 * 60_000,
    turnsPerRun: 16, // replay and update latency grow with a run (temporal.md 3)
  },
  chat: {
    silencePromptMs: 10 * 60_000,
    idleCloseMs: 24 * 3_600_000, // a chat may sleep over night
    debounceMs: 400,
    handoffAnswerMs: 2 * 60_000,
    turnsPerRun: 16,
  },
};

/** A run continues as new before this many events: a cold replay costs about 1 ms an event (bench `long-conversation`). */
export const eventsPerRun = 200;

/** True when the next turn belongs into a run of its own. */
export const runIsLong = (turnsInRun: number, { turnsPerRun }: ConversationTimings): boolean =>
  turnsInRun >= turnsPerRun ||
  workflowInfo().continueAsNewSuggested ||
  workflowInfo().historyLength > eventsPerRun;
