/** The two read APIs of Langfuse (langfuse.md 1). */
export type ReadApi = 'v1' | 'v2';

/** What was said: JSON text or plain text, as the server keeps it. */
export interface Body {
  readonly input: string | null;
  readonly output: string | null;
  /** JSON text; the two APIs nest it differently (langfuse.md 4). */
  readonly metadata: string | null;
}

/** A trace in our own terms. Null = the server did not say; an API's `""` and `[]` for "unset" are null as well. */
export interface TraceRow {
  readonly traceId: string;
  readonly startedAtMs: number;
  /** `observations`: the earliest start seen so far stands in for a time that the API did not give. */
  readonly startSource: 'trace' | 'observations';
  readonly name: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** JSON array. */
  readonly tags: string | null;
  readonly environment: string | null;
  readonly release: string | null;
  readonly version: string | null;
  readonly serverCreatedAtMs: number | null;
  readonly serverUpdatedAtMs: number | null;
}

/** An observation in our own terms; units in the names. */
export interface ObservationRow {
  readonly traceId: string;
  readonly observationId: string;
  readonly type: string;
  readonly name: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly version: string | null;
  readonly environment: string | null;
  /** Null at the top: the parent that v2 invents for traces without spans is left out. */
  readonly parentId: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly completionStartedAtMs: number | null;
  readonly model: string | null;
  /** JSON object. */
  readonly modelParameters: string | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  /** JSON object, key to units. */
  readonly usage: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
  /** JSON object, key to pico-USD as decimal text. */
  readonly costs: string | null;
  /** Null = unknown, which is not 0 (langfuse.md 12). */
  readonly costPicoUsd: number | null;
  /** The row that v2 invents for a trace (`t-<traceId>`): carries its name and body, counts as nothing. */
  readonly synthetic: boolean;
  readonly serverCreatedAtMs: number | null;
  readonly serverUpdatedAtMs: number | null;
}

/** A row that could not be understood, kept as it came. */
export interface UnreadableRow {
  readonly kind: 'trace' | 'observation';
  readonly reason: string;
  readonly raw: string;
}

/** What one answer of the server gave. */
export interface ReadRows {
  readonly traces: readonly (TraceRow & { readonly body: Body | null })[];
  readonly observations: readonly (ObservationRow & { readonly body: Body | null })[];
  readonly unreadable: readonly UnreadableRow[];
}
