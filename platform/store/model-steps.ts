import type { Clock } from '../clock.js';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';

/** One call of the model: what it cost and how it ended. Usage is kept raw, so that a cost can be derived again (claude.md 8). */
export interface ModelStep {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly stepId: string;
  /** Null in rows older than this column. */
  readonly turn: number | null;
  readonly attempt: number;
  readonly promptBundle: string;
  readonly model: string;
  readonly backend: string;
  readonly requestId: string | null;
  readonly usage: unknown;
  readonly priceVersion: string | null;
  /** Null when the price or the usage is unknown; never 0 for "unknown". */
  readonly costPicoUsd: bigint | null;
  readonly weightedTokens: number;
  /** All input, cached or not; null when the usage is unknown. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly stopReason: string | null;
  readonly latencyMs: number;
  readonly outcome: 'answered' | 'aborted' | 'failed';
}

export interface ModelSteps {
  /** Idempotent by step and attempt. A call whose answer enters the transcript is recorded with it (`Transcript.appendModel`). */
  record(step: ModelStep): Promise<void>;
  list(
    tenantId: string,
    conversationId: string,
  ): Promise<readonly (ModelStep & { readonly createdAtMs: number })[]>;
}

export const createModelSteps = ({ kysely }: Database, clock: Clock): ModelSteps => ({
  record: (step) => insertModelStep(kysely, step, clock.nowMs()),
  list: async (tenantId, conversationId) => {
    const rows = await kysely
      .selectFrom('model_steps')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('conversation_id', '=', conversationId)
      .orderBy('created_at_ms')
      .orderBy('step_id')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      conversationId: row.conversation_id,
      stepId: row.step_id,
      turn: row.turn,
      attempt: row.attempt,
      promptBundle: row.prompt_bundle,
      model: row.model,
      backend: row.backend,
      requestId: row.request_id,
      usage: row.usage_json === null ? null : (JSON.parse(row.usage_json) as unknown),
      priceVersion: row.price_version,
      costPicoUsd: row.cost_pico_usd === null ? null : BigInt(row.cost_pico_usd),
      weightedTokens: row.weighted_tokens,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      stopReason: row.stop_reason,
      latencyMs: row.latency_ms,
      outcome: row.outcome as ModelStep['outcome'],
      createdAtMs: row.created_at_ms,
    }));
  },
});

/** Writes the row of a call, within a transaction or on its own. Idempotent by step and attempt. */
export async function insertModelStep(
  db: Kysely<Schema>,
  step: ModelStep,
  createdAtMs: number,
): Promise<void> {
  await db
    .insertInto('model_steps')
    .values({
      tenant_id: step.tenantId,
      conversation_id: step.conversationId,
      step_id: step.stepId,
      attempt: step.attempt,
      prompt_bundle: step.promptBundle,
      model: step.model,
      backend: step.backend,
      request_id: step.requestId,
      usage_json: step.usage === null ? null : JSON.stringify(step.usage),
      price_version: step.priceVersion,
      // Decimal text: 18 digits of a dollar do not fit every driver's number.
      cost_pico_usd: step.costPicoUsd?.toString() ?? null,
      weighted_tokens: step.weightedTokens,
      stop_reason: step.stopReason,
      latency_ms: step.latencyMs,
      outcome: step.outcome,
      turn: step.turn,
      input_tokens: step.inputTokens,
      output_tokens: step.outputTokens,
      created_at_ms: createdAtMs,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'conversation_id', 'step_id', 'attempt']).doNothing(),
    )
    .execute();
}
