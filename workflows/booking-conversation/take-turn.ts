import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  patched,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { AgentAnswer } from '../../domain/agent/answer.js';
import { withinLength } from '../../domain/agent/reply-length.js';
import { spoken } from '../../domain/agent/spoken-texts.js';
import { doubtfulDates } from '../../domain/booking/read-back.js';
import { model } from '../options.js';
import { answerByScript, keepForStaff } from './answer-by-script.js';
import { answerWithoutModel, type BrokenTurn } from './answer-without-model.js';
import { overBudget, stepsPerTurn } from './budget.js';
import type { Conversation } from './conversation.js';
import { takeFormTurn } from './form/take-form-turn.js';
import { leaveTask } from './leave-task.js';
import { ledgerLines } from './ledger-lines.js';
import { deedLines } from './deeds.js';
import type { CallerMessage } from './messages.js';
import { runCalls, type ToolResult } from './run-calls.js';
import { problemWith, speak, type Spoken } from './speak.js';
import { practiceDateOf } from '../../domain/time/practice-time.js';
import { markReadBack, missingReadBack } from './read-back.js';

/** What the turn loop may ask of the workflow around it. */
export interface TurnDoor {
  /** Takes all waiting messages into this turn; their senders get this turn's reply. */
  drain(): readonly CallerMessage[];
  /** Runs a model step so that a newer message cancels it. */
  interruptible(run: () => Promise<ModelAnswer>): Promise<ModelAnswer>;
  /** Does what colleagues asked for meanwhile. True when one of them has the conversation: the model is not asked again. */
  staffTakesOver(): Promise<boolean>;
  /** Resolves when a caller who interrupted has said what they meant to say: the rest of a burst, or the words after a barge-in. */
  wordsSettled(): Promise<void>;
}

export type ModelAnswer = Awaited<ReturnType<typeof model.modelStep>>;

/** One second try for an answer that may not be spoken or was cut off; then code speaks (claude.md 6). */
const redrafts = 1;

/**
 * One caller turn: model step, gates and tools, next step, claim check, reply. A plain turn is one activity. Always ends in words that
 * are true: when the model fails, loops or claims what the ledger lacks, the words come from the ledger.
 */
export async function takeTurn(conversation: Conversation, door: TurnDoor): Promise<Spoken> {
  const turn = conversation.state.turn + 1;
  const doneBefore = conversation.state.ledger.length;
  const repeats = new Map<string, number>();
  let incoming: readonly CallerMessage[] = door.drain();
  let toolResults: readonly ToolResult[] = [];
  let notices: readonly string[] = [...conversation.state.notices, ...doubts(conversation, incoming)];
  let supersedes: { readonly entryId: string; readonly reason: string } | null = null;
  let maxTokensFactor: 1 | 2 = 1;
  let drafts = 0;
  let modelSteps = 0;
  const withoutModel = (why: BrokenTurn['why']): Promise<Spoken> => {
    const draftEntryId = supersedes?.entryId ?? null;
    return answerWithoutModel(conversation, { why, messages: incoming, draftEntryId, doneBefore });
  };

  for (let step = 1; modelSteps < stepsPerTurn; step++) {
    const instead = { draftEntryId: supersedes?.entryId ?? null };
    const scripted = await answerByScript(conversation, incoming, instead);
    if (scripted) return scripted;
    // The tool that hands over lets the model say so in this turn; a colleague who takes over by themselves does not.
    if (await door.staffTakesOver()) return keepForStaff(conversation, incoming, instead);
    if (conversation.state.form) return takeFormTurn(conversation, conversation.state.form, incoming);
    if (overBudget(conversation.state, conversation.nowMs())) return withoutModel('budgetReached');
    const stepId = `t${turn}.s${step}`;
    let answer: ModelAnswer;
    try {
      const { tenantId, environment, conversationId, channel, language } = conversation.state.start;
      const input = {
        tenantId,
        environment,
        conversationId,
        channel,
        language,
        promptBundle: conversation.state.promptBundle,
        turn,
        step,
        stepId,
        callerMessages: incoming,
        toolResults,
        notices,
        supersedes: supersedes?.entryId ?? null,
        supersedeReason: supersedes?.reason ?? null,
        maxTokensFactor,
        onFallback: conversation.state.onFallback ?? false,
      };
      answer = await door.interruptible(() => model.modelStep(input));
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      if (!isCancellation(error) && isOutage(error) && switchedModel(conversation)) continue;
      if (!isCancellation(error)) return withoutModel('modelAway');
      // A call that was broken off is paid as well, its price is unknown (claude.md 8).
      conversation.apply((state) => ({
        ...state,
        spend: { ...state.spend, modelCalls: state.spend.modelCalls + 1 },
      }));
      // The caller spoke again. Whether the cancelled step wrote its input is unknown, so all of it is offered again; what the
      // transcript has already is not written twice.
      supersedes = { entryId: `${stepId}.model`, reason: 'the caller spoke again' };
      await door.wordsSettled();
      incoming = [...incoming, ...door.drain()];
      notices = [...new Set([...notices, ...conversation.state.notices])];
      continue;
    }
    modelSteps += 1;
    conversation.apply((state) => ({
      ...state,
      spend: {
        modelCalls: state.spend.modelCalls + 1,
        costPicoUsd: state.spend.costPicoUsd + answer.costPicoUsd,
        weightedTokens: state.spend.weightedTokens + answer.weightedTokens,
      },
      notices: [],
      formDeclined: false,
    }));
    const late = door.drain();
    notices = [];
    supersedes = null;

    switch (answer.kind) {
      case 'tools':
        if (late.length > 0) {
          // Nothing is executed on words that the caller has overtaken.
          supersedes = { entryId: answer.entryId, reason: 'the caller spoke again' };
          toolResults = [];
          incoming = late;
          break;
        }
        toolResults = await CancellationScope.nonCancellable(() =>
          runCalls(conversation, answer.calls, repeats),
        );
        incoming = door.drain();
        break;
      case 'final': {
        if (late.length > 0) {
          supersedes = { entryId: answer.entryId, reason: 'the caller spoke again' };
          toolResults = [];
          incoming = late;
          break;
        }
        const problem = await problemWith(conversation, turn, answer.answer);
        if (answer.answer && !problem) return deliver(conversation, answer.entryId, answer.answer, turn);
        if (drafts >= redrafts) return speakLedger(conversation, turn, answer.entryId);
        drafts += 1;
        supersedes = { entryId: answer.entryId, reason: problem ?? 'not the agreed format' };
        notices = [
          `Your last answer was not delivered: ${problem ?? 'it was not the agreed JSON'}. Answer again with what is true.`,
        ];
        toolResults = [];
        incoming = [];
        break;
      }
      case 'truncated':
        if (maxTokensFactor === 2) return withoutModel('turnFailed');
        maxTokensFactor = 2;
        incoming = late;
        break;
      case 'empty':
        if (drafts >= redrafts)
          return speak(conversation, turn, spoken(conversation.state.language, 'emptyAnswer', {}), null);
        drafts += 1;
        notices = ['Your last answer was empty. Please answer the caller.'];
        incoming = late;
        break;
      case 'refused':
        incoming = [...incoming, ...late];
        if (!switchedModel(conversation)) return withoutModel('modelAway');
        toolResults = [];
        break;
      case 'contextExceeded':
        incoming = [...incoming, ...late];
        return withoutModel('modelAway');
    }
  }
  return withoutModel('turnFailed');
}

/** Failures of one model or of its service. A refused key or a used-up budget would meet the fallback as well. */
const outages: ReadonlySet<string> = new Set(['LlmUnavailable', 'LlmRetry', 'LlmMalformed']);

const isOutage = ({ cause }: ActivityFailure): boolean =>
  cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && outages.has(cause.type ?? ''));

/** Goes on with the fallback model, once in a conversation: true when it was not in use before (claude.md 1.4, 1.9). */
function switchedModel(conversation: Conversation): boolean {
  if (conversation.state.onFallback === true || !patched('fallback-model')) return false;
  conversation.apply((state) => ({ ...state, onFallback: true }));
  return true;
}

const doubtWords = {
  noSuchDay: 'is no day of the calendar. Say so and ask which day is meant',
  dayOrMonth: 'may begin with the day or with the month. Ask which day is meant',
  thisOrNextWeek: 'may mean this week or the one after. Say the date that you take it for and ask',
} as const;

/** Dates that two people may understand differently are the caller's to settle, never the model's to guess (claude.md 11, scenario 18). */
function doubts(conversation: Conversation, messages: readonly CallerMessage[]): string[] {
  const today = practiceDateOf(conversation.nowMs(), conversation.state.practice.timeZone);
  return messages
    .flatMap(({ text }) => doubtfulDates(text, today))
    .map(({ words, why }) => `${JSON.stringify(words)} ${doubtWords[why]}.`);
}

async function deliver(
  conversation: Conversation,
  entryId: string,
  answer: AgentAnswer,
  turn: number,
): Promise<Spoken> {
  if (answer.needs_human && conversation.state.tasks.length === 0)
    await leaveTask(conversation, turn, 'personWanted');
  conversation.apply((state) => ({ ...state, language: answer.language }));
  const say = withinLength(answer.say, conversation.state.start.channel);
  const missing = missingReadBack(conversation, say);
  if (missing !== null || say !== answer.say)
    return speak(conversation, turn, missing === null ? say : `${say} ${missing}`, entryId);
  markReadBack(conversation, turn, answer.say);
  return { entryId, text: answer.say, language: answer.language };
}

/** Says what the ledger holds, in our own words. While a write is being checked nothing is said to be undone. */
async function speakLedger(
  conversation: Conversation,
  turn: number,
  draftEntryId: string | null,
): Promise<Spoken> {
  const { state } = conversation;
  const lines = [...ledgerLines(state), ...deedLines(state)];
  const unclear = state.beingChecked ? [spoken(state.language, 'beingChecked', {})] : [];
  const told =
    lines.length > 0 || !state.beingChecked ? [spoken(state.language, 'ledgerSummary', { lines })] : [];
  return speak(conversation, turn, [...unclear, ...told].join(' '), draftEntryId);
}
