/** What one project of the server knows, in its own units: epoch milliseconds, texts as sent, costs in USD cut at 12 decimals. */

export const observationTypes = [
  'SPAN',
  'GENERATION',
  'EVENT',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EVALUATOR',
  'EMBEDDING',
  'GUARDRAIL',
] as const;
export type ObservationType = (typeof observationTypes)[number];
export const levels = ['DEBUG', 'DEFAULT', 'WARNING', 'ERROR'] as const;
export type Level = (typeof levels)[number];

/** How a row came in: it decides parents, synthetic roots and metadata in the v2 view (langfuse.md 4). */
export type Way = 'ingestion' | 'otlp';

export type Json = Readonly<Record<string, unknown>>;

export interface TraceRecord {
  readonly id: string;
  readonly way: Way;
  readonly name: string | null;
  readonly timestampMs: number;
  readonly environment: string;
  readonly tags: readonly string[];
  readonly bookmarked: boolean;
  readonly public: boolean;
  readonly release: string | null;
  readonly version: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** As sent; JSON as text. */
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: Json;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Versions that are not merged yet; filters on session, user and metadata count them all (langfuse.md 3). */
  readonly versions: number;
}

export interface Price {
  readonly modelId: string | null;
  readonly tierId: string | null;
  readonly tierName: string | null;
  /** USD per unit of the tier; null when the model is unknown. */
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
}

export interface ObservationRecord {
  readonly id: string;
  readonly traceId: string;
  readonly way: Way;
  readonly type: ObservationType;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly parentId: string | null;
  readonly name: string | null;
  readonly level: Level;
  readonly statusMessage: string | null;
  readonly version: string | null;
  readonly environment: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly input: string | null;
  readonly output: string | null;
  readonly metadata: Json;
  readonly model: string | null;
  readonly modelParameters: Json | null;
  readonly completionStartMs: number | null;
  readonly promptId: string | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly price: Price;
}

/** What a v2 row says of its trace, as known when the row was made; never changed afterwards (langfuse.md 4). */
export interface TraceContext {
  readonly name: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly tags: readonly string[];
  readonly release: string | null;
  readonly version: string | null;
  readonly bookmarked: boolean;
  readonly public: boolean;
}

/** A row of the v2 table. Several may bear one id. */
export interface EventRecord {
  readonly observation: ObservationRecord;
  readonly context: TraceContext;
  /** xxHash32 of the trace id: the second key of the v2 order. */
  readonly traceHash: number;
  /** The root that stands for a trace sent by /ingestion. */
  readonly synthetic: boolean;
}

export interface SessionRecord {
  readonly id: string;
  readonly createdAtMs: number;
  readonly environment: string;
}

export interface ScoreRecord {
  readonly id: string;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly sessionId: string | null;
  readonly name: string;
  readonly value: number | null;
  readonly stringValue: string | null;
  readonly dataType: 'NUMERIC' | 'BOOLEAN' | 'CATEGORICAL' | 'TEXT' | 'CORRECTION';
  readonly source: string;
  readonly comment: string | null;
  readonly metadata: Json;
  readonly environment: string;
  readonly configId: string | null;
  readonly queueId: string | null;
  readonly timestampMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const unpriced: Price = {
  modelId: null,
  tierId: null,
  tierName: null,
  inputPrice: null,
  outputPrice: null,
};
