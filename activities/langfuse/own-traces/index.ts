import { textsMayLeave } from '../../../domain/own-traces/mask.js';
import {
  asLangfuseActivity,
  connect,
  practiceAndConfigOf,
  refused,
  type LangfuseAddress,
  type LangfuseDeps,
} from '../connection.js';
import { LangfuseError } from '../errors.js';
import { collectOwnTraces, type CollectDeps } from './collect.js';
import { mostBatchBytes, sendOwnTraces } from './send.js';

/** What one execution has done; `more` = there is something left to be sent. */
export interface SubmittedTraces {
  readonly collected: number;
  readonly submitted: number;
  readonly refused: number;
  readonly more: boolean;
}

export interface OwnTraceActivities {
  /**
   * Collects the turns that are complete and sends what is pending. Repeated, it sends nothing that the server acknowledged. Fails as reads
   * do; with SubmissionForbidden nothing was collected or sent; with LangfuseModeChanged the server must be asked what it can do before another try.
   */
  readonly submitOwnTraces: (input: LangfuseAddress) => Promise<SubmittedTraces>;
  /** How a run of the submission ended. */
  readonly noteSubmissionRun: (
    input: LangfuseAddress & { readonly outcome: string; readonly reason: string | null },
  ) => Promise<void>;
}

/** One execution works for a minute at most, so that a restart loses little. */
const mostMs = 60_000;
const eventsAtOnce = 500;
/** What a server can do is asked anew once a day (langfuse.md 1). */
const factsHoldMs = 24 * 60 * 60_000;
/** A request gets a minute, and spans can be read 2 s after it: before that nobody knows whether an unclear export arrived. */
const unclearMs = 90_000;

export const createOwnTraceActivities = (deps: LangfuseDeps & CollectDeps): OwnTraceActivities => ({
  submitOwnTraces: (input) =>
    asLangfuseActivity(async (scope) => {
      const { store, clock } = deps;
      const { tenant, config } = await practiceAndConfigOf(deps, input);
      const owner = { tenantId: config.tenantId, configId: config.configId };
      const done = { collected: 0, submitted: 0, refused: 0 };
      if (!config.submit.enabled) return { ...done, more: false };
      // The practice may have been marked after the mask was chosen, with texts waiting.
      if (!textsMayLeave(config.submit.mask, tenant)) throw refused('SubmissionForbidden');
      const startedAtMs = clock.nowMs();
      done.collected = await collectOwnTraces(deps, config, scope.signal);
      for (;;) {
        const pending = await store.ownTraceEvents.next(owner, {
          limit: eventsAtOnce,
          mostBytes: mostBatchBytes,
          unclearSinceMs: clock.nowMs() - unclearMs,
        });
        if (pending.length === 0) return { ...done, more: false };
        const { facts } = config;
        if (facts === null || startedAtMs - facts.checkedAtMs > factsHoldMs)
          throw new LangfuseError('ingestion', { kind: 'mode' });
        const { client } = await connect(deps, input, 'incremental', scope);
        const sent = await sendOwnTraces(
          { owner, client, events: store.ownTraceEvents, mode: facts.mode },
          pending,
        );
        done.submitted += sent.submitted;
        done.refused += sent.refused;
        if (clock.nowMs() - startedAtMs > mostMs) return { ...done, more: true };
      }
    }),

  noteSubmissionRun: ({ tenantId, configId, outcome, reason }) =>
    deps.store.langfuseConfigs.noteSubmission(tenantId, configId, { outcome, reason }),
});
