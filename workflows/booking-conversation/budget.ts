import type { Channel } from '../../domain/tenant.js';
import type { ConversationState } from './state.js';

/** Steps of the model in one turn: find, hold, confirm and answer fit; a loop does not (claude.md 6). */
export const stepsPerTurn = 6;

/** The same tool with the same arguments more often than this in one turn is a loop (claude.md 6). */
export const sameCallsPerTurn = 2;

/** Calls of one model step that are carried out: six people to identify and more; beyond it is a flood on the practice system. */
export const callsPerStep = 8;

const longestMs: Readonly<Record<Channel, number>> = { voice: 30 * 60_000, chat: 14 * 24 * 3_600_000 };

const modelCalls: Readonly<Record<Channel, number>> = { voice: 40, chat: 120 };

/** True when the conversation has used up what it may cost: turns, calls, tokens, money and time (claude.md 6; failure-modes.md 28). */
export function overBudget(state: ConversationState, nowMs: number): boolean {
  const { channel, budget: injected } = state.start;
  const ofProduct = state.practice.budget;
  const budget = {
    ...ofProduct,
    modelCalls: Math.min(ofProduct.modelCalls, modelCalls[channel]),
    ...injected,
  };
  return (
    state.turn >= budget.callerTurns ||
    nowMs - state.startedAtMs >= longestMs[channel] ||
    state.spend.modelCalls >= budget.modelCalls ||
    state.spend.costPicoUsd >= budget.costUsd * 1e12 ||
    state.spend.weightedTokens >= budget.weightedTokens
  );
}
