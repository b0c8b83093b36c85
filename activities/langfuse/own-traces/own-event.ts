/** Whose turn an observation belongs to. It stands in each of them: over OTLP nothing else tells the server (langfuse.md 5). */
interface OwnTrace {
  readonly traceId: string;
  readonly traceName: string;
  readonly sessionId: string;
  readonly userId: string | null;
  readonly tags: readonly string[];
  readonly environment: string;
}

/** One observation of a turn, whole: explicit start and end, final level, usage (langfuse.md 13). */
export interface OwnObservation extends OwnTrace {
  readonly eventId: string;
  readonly kind: 'turn' | 'generation' | 'tool';
  readonly turn: number;
  readonly observationId: string;
  /** Null for the turn itself. */
  readonly parentId: string | null;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly level: 'DEFAULT' | 'WARNING' | 'ERROR';
  readonly statusMessage: string | null;
  readonly model: string | null;
  /** Null = unknown, which is not 0. */
  readonly usage: Readonly<Record<string, number>> | null;
  readonly costUsd: number | null;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** How a conversation ended. */
export interface OwnScore {
  readonly eventId: string;
  readonly kind: 'score';
  readonly turn: number;
  readonly traceId: string;
  readonly name: string;
  readonly value: string;
  readonly atMs: number;
  readonly environment: string;
}

export type OwnEvent = OwnObservation | OwnScore;
