import { activityInfo } from '@temporalio/activity';
import type { LlmAnswer } from './backend.js';
import type { ClaudeDeps } from './claude-deps.js';
import type { LlmFault } from './errors.js';
import type { ModelStepInput, StepSpend } from './model-step-contract.js';
import type { ModelStep } from '../../platform/store/model-steps.js';
import { costOf } from './usage.js';

/** One call of a backend, as far as it was known before the answer. */
export interface Attempt {
  readonly backend: string;
  readonly model: string;
  readonly startedAtMs: number;
}

type RecordDeps = Pick<ClaudeDeps, 'store' | 'clock' | 'loggers'>;

/** What an answer cost: the row, which the caller writes, and what the conversation adds up. */
export interface AnsweredStep {
  readonly row: ModelStep;
  readonly spend: StepSpend;
}

/** Logs an answer and says what it cost, also when nothing can be done with it: refusals and cut-off answers are billed (claude.md 8). */
export function answeredStep(
  deps: Pick<RecordDeps, 'clock' | 'loggers'>,
  input: ModelStepInput,
  attempt: Attempt,
  answer: LlmAnswer,
): AnsweredStep {
  const nowMs = deps.clock.nowMs();
  const { price, weightedTokens, inputTokens, outputTokens } = costOf(
    answer,
    attempt.model,
    new Date(nowMs).toISOString().slice(0, 10),
  );
  const costPicoUsd = price.kind === 'priced' ? price.costPicoUsd : null;
  const row: ModelStep = {
    ...rowOf(input, attempt, nowMs),
    model: answer.model,
    requestId: answer.requestId,
    usage: answer.usage,
    priceVersion: price.kind === 'priced' ? price.priceVersion : null,
    costPicoUsd,
    weightedTokens,
    inputTokens,
    outputTokens,
    stopReason: answer.stopReason,
    outcome: 'answered',
  };
  deps.loggers.log.info('model answered', {
    ...namesOf(input),
    model: answer.model,
    stopReason: answer.stopReason,
    requestId: answer.requestId,
    latencyMs: row.latencyMs,
  });
  return { row, spend: { costPicoUsd: Number(costPicoUsd ?? 0n), weightedTokens, model: answer.model } };
}

/** Writes that a call ended without an answer. What it cost is unknown, which is not 0 (claude.md 8). */
export async function recordUnanswered(
  deps: RecordDeps,
  input: ModelStepInput,
  attempt: Attempt,
  fault: LlmFault,
  outcome: 'aborted' | 'failed',
): Promise<void> {
  const facts = fault.kind === 'cancelled' ? null : fault.facts;
  const row = rowOf(input, attempt, deps.clock.nowMs());
  await deps.store.modelSteps.record({
    ...row,
    model: attempt.model,
    requestId: facts?.requestId ?? null,
    usage: null,
    priceVersion: null,
    costPicoUsd: null,
    weightedTokens: 0,
    inputTokens: null,
    outputTokens: null,
    stopReason: null,
    outcome,
  });
  deps.loggers.log.warn('model did not answer', {
    ...namesOf(input),
    model: attempt.model,
    fault: fault.kind,
    outcome,
    latencyMs: row.latencyMs,
    ...facts,
  });
}

/** What a step cost whose answer was stored by an earlier execution: its result got lost, its price did not. */
export async function spendOfStored({ store }: RecordDeps, input: ModelStepInput): Promise<StepSpend> {
  const steps = await store.modelSteps.list(input.tenantId, input.conversationId);
  const answered = steps.filter((step) => step.stepId === input.stepId && step.outcome === 'answered');
  return {
    costPicoUsd: Number(answered.reduce((total, step) => total + (step.costPicoUsd ?? 0n), 0n)),
    weightedTokens: answered.reduce((total, step) => total + step.weightedTokens, 0),
    model: answered.at(-1)?.model ?? '',
  };
}

const rowOf = (input: ModelStepInput, attempt: Attempt, nowMs: number) => ({
  tenantId: input.tenantId,
  conversationId: input.conversationId,
  stepId: input.stepId,
  turn: input.turn,
  attempt: activityInfo().attempt,
  promptBundle: input.promptBundle,
  backend: attempt.backend,
  latencyMs: nowMs - attempt.startedAtMs,
});

const namesOf = (input: ModelStepInput) => {
  const { workflowExecution, attempt } = activityInfo();
  return {
    workflowId: workflowExecution?.workflowId,
    tenantId: input.tenantId,
    conversationId: input.conversationId,
    stepId: input.stepId,
    attempt,
  };
};
