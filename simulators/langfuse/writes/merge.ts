import type { ProjectStore } from '../state/project-store.js';
import type { Json, Level, ObservationRecord, ObservationType, TraceRecord } from '../state/records.js';

/** Fields of a write; absent and null ones say nothing. */
export interface TraceWrite {
  readonly id: string;
  readonly timestampMs?: number | null | undefined;
  readonly name?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly release?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly environment?: string | null | undefined;
  readonly public?: boolean | null | undefined;
  readonly bookmarked?: boolean | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: unknown;
}

export interface ObservationWrite {
  readonly id: string;
  readonly traceId: string;
  readonly type?: ObservationType | undefined;
  readonly startMs?: number | null | undefined;
  readonly endMs?: number | null | undefined;
  readonly completionStartMs?: number | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly level?: Level | null | undefined;
  readonly statusMessage?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly environment?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly modelParameters?: Json | null | undefined;
  readonly usageDetails?: Readonly<Record<string, number>> | null | undefined;
  readonly costDetails?: Readonly<Record<string, number>> | null | undefined;
  readonly promptName?: string | null | undefined;
  readonly promptVersion?: number | null | undefined;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: unknown;
}

/** As the server stores it: texts as they are, everything else as JSON. */
const stored = (value: unknown): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mergedMetadata(before: Json, more: unknown): Json {
  if (more === undefined || more === null) return before;
  if (!isRecord(more)) return { ...before, metadata: more };
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(more)) {
    const present = merged[key];
    merged[key] = isRecord(present) && isRecord(value) ? mergedMetadata(present, value) : value;
  }
  return merged;
}

/** Times at which a write is committed; a first write may be told to have been made earlier. */
export interface Commit {
  readonly atMs: number;
  /** Start of what says none: the envelope's time. */
  readonly saidAtMs: number;
}

/**
 * Writes of one id merge: the first timestamp, environment and creation stay, later values win, tags are united, metadata is merged deeply
 * (langfuse.md 5).
 */
export function mergeTrace(store: ProjectStore, write: TraceWrite, commit: Commit): TraceRecord {
  const before = store.traces.get(write.id);
  const trace: TraceRecord = {
    id: write.id,
    way: before?.way ?? 'ingestion',
    name: write.name ?? before?.name ?? null,
    timestampMs: before?.timestampMs ?? write.timestampMs ?? commit.saidAtMs,
    environment: before?.environment ?? write.environment ?? 'default',
    tags: write.tags ? [...new Set([...(before?.tags ?? []), ...write.tags])].sort() : (before?.tags ?? []),
    bookmarked: write.bookmarked ?? before?.bookmarked ?? false,
    public: write.public ?? before?.public ?? false,
    release: write.release ?? before?.release ?? null,
    version: write.version ?? before?.version ?? null,
    userId: write.userId ?? before?.userId ?? null,
    sessionId: write.sessionId ?? before?.sessionId ?? null,
    input: stored(write.input) ?? before?.input ?? null,
    output: stored(write.output) ?? before?.output ?? null,
    metadata: mergedMetadata(before?.metadata ?? {}, write.metadata),
    createdAtMs: before?.createdAtMs ?? commit.atMs,
    updatedAtMs: commit.atMs,
    versions: (before?.versions ?? 0) + 1,
  };
  store.putTrace(trace);
  store.noteSession(trace.sessionId, trace.environment, commit.atMs);
  return trace;
}

/** Likewise for an observation; usage is priced anew. */
export function mergeObservation(
  store: ProjectStore,
  write: ObservationWrite,
  commit: Commit,
): ObservationRecord {
  const before = store.observation(write.traceId, write.id);
  const modelParameters = write.modelParameters ?? before?.modelParameters ?? null;
  const metadata = mergedMetadata(before?.metadata ?? {}, write.metadata);
  const model = write.model ?? before?.model ?? null;
  const { usageDetails, costDetails, price } = store.prices.price({
    model,
    usageDetails: write.usageDetails ?? before?.usageDetails ?? {},
    givenCosts: write.costDetails ?? {},
    modelParameters,
    metadata,
  });
  const observation: ObservationRecord = {
    id: write.id,
    traceId: write.traceId,
    way: 'ingestion',
    type: write.type ?? before?.type ?? 'SPAN',
    startMs: before?.startMs ?? write.startMs ?? commit.saidAtMs,
    endMs: write.endMs ?? before?.endMs ?? null,
    parentId: write.parentId ?? before?.parentId ?? null,
    name: write.name ?? before?.name ?? null,
    level: write.level ?? before?.level ?? 'DEFAULT',
    statusMessage: write.statusMessage ?? before?.statusMessage ?? null,
    version: write.version ?? before?.version ?? null,
    environment: before?.environment ?? write.environment ?? 'default',
    createdAtMs: before?.createdAtMs ?? commit.atMs,
    updatedAtMs: commit.atMs,
    input: stored(write.input) ?? before?.input ?? null,
    output: stored(write.output) ?? before?.output ?? null,
    metadata,
    model,
    modelParameters,
    completionStartMs: write.completionStartMs ?? before?.completionStartMs ?? null,
    promptId: before?.promptId ?? null,
    promptName: write.promptName ?? before?.promptName ?? null,
    promptVersion: write.promptVersion ?? before?.promptVersion ?? null,
    usageDetails,
    costDetails,
    price,
  };
  store.putObservation(observation);
  return observation;
}
