import { createHmac } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Tenant } from '../../domain/tenant.js';
import type { ModelStep } from '../../platform/store/model-steps.js';
import type { AnthropicAccount } from '../../platform/credentials.js';
import { createApiBackend } from './api-backend.js';
import type { LlmAnswer, LlmBackend, LlmMessage, LlmRequest, RawBlock } from './backend.js';
import { createCliBackend } from './cli-backend.js';
import { createBundleLibrary } from './bundle-library.js';
import { callerEntry } from './caller-entry.js';
import { tenantOf, type ClaudeDeps } from './claude-deps.js';
import { classify, failureOf, MalformedAnswer, toFailure } from './errors.js';
import { whileAlive } from './live-call.js';
import type { ModelStepInput, ModelStepOutcome, ModelStepResult } from './model-step-contract.js';
import { inLanguage, onFallback, type PromptBundle } from '../../platform/prompts/prompt-bundle.js';
import { readAnswer } from './read-answer.js';
import { createRecentTranscripts, type RecentTranscripts, type WrittenEntry } from './recent-transcripts.js';
import { answeredStep, recordUnanswered, spendOfStored, type AnsweredStep } from './step-record.js';
import { messagesOf, type TranscriptPart } from './transcript-messages.js';

export interface ModelStepActivities {
  /**
   * One model step: writes what is new into the transcript, calls the model once, writes its answer verbatim. Repeated, it writes nothing
   * twice, and an answer that is stored already is given without a call. Throws the Llm rows of the failure table, PromptBundleMissing,
   * TenantForbidden, TenantInactive, IntegrationNotConfigured; rejects as cancelled when the workflow cancels.
   */
  readonly modelStep: (input: ModelStepInput) => Promise<ModelStepResult>;
}

/** The SDK refuses more without streaming (claude.md 1.2). */
const mostTokens = 21_333;

export const createModelStepActivities = (deps: ClaudeDeps): ModelStepActivities => {
  const { store } = deps;
  const bundles = createBundleLibrary(store.promptBundles);
  const transcripts = createRecentTranscripts(store.transcript);

  return {
    modelStep: (input) =>
      whileAlive(async (cancellation) => {
        const { tenantId, environment, conversationId, stepId } = input;
        const tenant = tenantOf(deps, tenantId, environment);
        const pinned = await bundles.load(tenantId, input.promptBundle);
        const told = inLanguage(pinned, input.language);
        const bundle = input.onFallback === true ? onFallback(told) : told;
        if (bundle === null) throw failureOf('LlmUnavailable', { why: 'there is no fallback model' });
        const transcript = await transcripts.load(tenantId, conversationId);
        const stored = transcript.find(({ entryId }) => entryId === modelEntryOf(stepId));
        if (stored) return { ...outcomeOf(stored), ...(await spendOfStored(deps, input)) };

        // An execution that was given up while it could not run must not write any more.
        cancellation.throwIfAborted();
        const credentials = await deps.credentials.resolve(tenantId, environment, 'anthropic');
        const entry = await tell({ ...deps, transcripts }, input, bundle.model, tenant, transcript);
        const { answer, cost } = await callModel(
          deps,
          input,
          backendFor(deps, tenant, bundle, credentials),
          bundle,
          entry,
          cancellation,
        );
        return {
          ...(await write(deps, input, bundle.model, answer, cost.row, entry.lastEntryId, cancellation)),
          ...cost.spend,
        };
      }),
  };
};

/** The backend that a bundle was made for. Throws LlmUnavailable where this process or this practice must not use it. */
function backendFor(
  { claude: { cli } }: ClaudeDeps,
  tenant: Tenant,
  bundle: PromptBundle,
  account: AnthropicAccount,
): LlmBackend {
  if (bundle.backend === 'api') return createApiBackend(account);
  if (cli === null) throw failureOf('LlmUnavailable', { why: 'the CLI is switched off here' });
  if (tenant.holdsHealthData)
    throw failureOf('LlmUnavailable', { why: 'this practice must not use the CLI' });
  return createCliBackend(account, cli, bundle.backend);
}

const modelEntryOf = (stepId: string): string => `${stepId}.model`;
const callerEntryOf = (stepId: string): string => `${stepId}.caller`;

/** The transcript as the model gets it; it ends with a user entry. */
interface Told {
  readonly messages: readonly LlmMessage[];
  readonly lastEntryId: string;
}

/** Writes the user entry of this step unless there is nothing new, and flags the answer that this step replaces. */
async function tell(
  { store, clock, transcripts }: ClaudeDeps & { readonly transcripts: RecentTranscripts },
  input: ModelStepInput,
  model: string,
  tenant: Tenant,
  transcript: readonly WrittenEntry[],
): Promise<Told> {
  const { tenantId, conversationId, promptBundle, stepId, supersedes } = input;
  const entryId = callerEntryOf(stepId);
  let entries: readonly TranscriptPart[] = transcript;
  let raced = false;
  if (!transcript.some((entry) => entry.entryId === entryId)) {
    const { content, messages } = callerEntry(input, transcript, tenant, clock.nowMs());
    if (content.length > 0) {
      const place = { tenantId, conversationId, entryId, promptBundle };
      raced = (await store.transcript.appendCaller({ ...place, content, messages })) === 'existing';
      entries = [...transcript, { entryId, role: 'caller', content, promptBundle, model: null }];
    }
  }
  if (supersedes !== null) {
    // After the append: from here on the step that was given up can write no answer, so none escapes this flag.
    await store.transcript.markUndelivered(
      tenantId,
      conversationId,
      supersedes,
      input.supersedeReason ?? 'superseded',
    );
  }
  // Another execution may have written between our reading and our writing. A plain step is spared the second reading.
  if (supersedes !== null || raced) entries = await transcripts.load(tenantId, conversationId);
  const last = entries.at(-1);
  if (last?.role !== 'caller') throw failureOf('LlmBug', { why: 'there is nothing to answer' });
  return { messages: messagesOf(entries, { promptBundle, model }), lastEntryId: last.entryId };
}

/** One call under the hard deadline. One without an answer is recorded here; what an answer cost is written with the answer. */
async function callModel(
  deps: ClaudeDeps,
  input: ModelStepInput,
  backend: LlmBackend,
  bundle: PromptBundle,
  { messages }: Told,
  cancellation: AbortSignal,
): Promise<{ readonly answer: LlmAnswer; readonly cost: AnsweredStep }> {
  const { clock, masterKeys, claude } = deps;
  const request: LlmRequest = {
    bundle,
    messages,
    maxTokens: Math.min(bundle.maxTokens * input.maxTokensFactor, mostTokens),
    userKey: createHmac('sha256', masterKeys.current.key)
      .update(JSON.stringify(['conversation', input.tenantId, input.conversationId]))
      .digest('hex'),
    conversationId: input.conversationId,
    promptBundle: input.promptBundle,
  };
  const attempt = { backend: backend.name, model: bundle.model, startedAtMs: clock.nowMs() };
  const signal = AbortSignal.any([cancellation, AbortSignal.timeout(claude.stepTimeoutMs)]);
  let answer: LlmAnswer;
  try {
    answer = await backend.step(request, signal);
  } catch (error) {
    const fault = classify(error, cancellation.aborted, clock.nowMs());
    await recordUnanswered(deps, input, attempt, fault, signal.aborted ? 'aborted' : 'failed');
    throw toFailure(fault, activityInfo().attempt);
  }
  return { answer, cost: answeredStep(deps, input, attempt, answer) };
}

/**
 * Writes what an answer cost, and in the same commit the answer when the conversation goes on from it: refusals, cut-off and empty answers
 * leave no entry (claude.md 1.4). Each commit waits for the disk while a caller waits for us.
 */
async function write(
  { store }: ClaudeDeps,
  input: ModelStepInput,
  model: string,
  answer: LlmAnswer,
  modelStep: ModelStep,
  afterEntryId: string,
  cancellation: AbortSignal,
): Promise<ModelStepOutcome> {
  const { tenantId, conversationId, promptBundle, stepId } = input;
  let outcome: ModelStepOutcome;
  try {
    outcome = read(answer, modelEntryOf(stepId));
  } catch (error) {
    await store.modelSteps.record(modelStep);
    throw error;
  }
  if (outcome.kind !== 'final' && outcome.kind !== 'tools') {
    await store.modelSteps.record(modelStep);
    return outcome;
  }
  const appended = await store.transcript.appendModel({
    tenantId,
    conversationId,
    entryId: outcome.entryId,
    promptBundle,
    afterEntryId,
    modelStep,
    model,
    content: answer.content,
    say: outcome.kind === 'final' ? (outcome.answer?.say ?? null) : null,
    stopReason: answer.stopReason,
  });
  switch (appended) {
    case 'appended':
      return outcome;
    case 'existing': {
      // Another execution of this step was faster; the transcript holds its answer, so that is the one to act on.
      const stored = await store.transcript.get(tenantId, conversationId, outcome.entryId);
      if (!stored) throw failureOf('LlmBug', { why: 'a transcript entry vanished' });
      return outcomeOf(stored);
    }
    case 'superseded':
      // The conversation went on without this step: nobody waits for its result.
      throw cancellation.aborted
        ? new CancelledFailure('The model step was cancelled')
        : failureOf('LlmBug', { why: 'the conversation went on without this step' });
  }
}

const outcomeOf = ({ entryId, content, stopReason }: WrittenEntry): ModelStepOutcome =>
  read({ content: content as readonly RawBlock[], stopReason }, entryId);

/** What the answer asks of us. One that we cannot act on ends the step for good: the next would be no better, and costs as much. */
function read(
  answer: Pick<LlmAnswer, 'content'> & { readonly stopReason: string | null },
  entryId: string,
): ModelStepOutcome {
  try {
    return readAnswer(answer, entryId);
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    throw failureOf('LlmMalformed', { final: true, why: error.message });
  }
}
