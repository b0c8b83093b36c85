import type { ProjectStore } from '../state/project-store.js';
import type { Json, ObservationRecord, ScoreRecord, Way } from '../state/records.js';
import { mergeObservation, mergeTrace, type ObservationWrite, type TraceWrite } from './merge.js';

export type SeedObservation = Omit<ObservationWrite, 'traceId'>;

export interface SeedTrace extends TraceWrite {
  /** How it came: `ingestion` makes the synthetic `t-` root in v2, `otlp` does not. */
  readonly way?: Way | undefined;
  readonly observations?: readonly SeedObservation[] | undefined;
}

/** Time from a row's own timestamp to its creation on the server. */
const arrivesAfterMs = 6_000;

/** Puts a trace and its observations into both tables at once; what is there already is updated, and says so. */
export function seedTrace(store: ProjectStore, seed: SeedTrace, nowMs: number): void {
  const known = store.traces.has(seed.id);
  const saidAtMs = seed.timestampMs ?? nowMs;
  const atMs = known ? nowMs : Math.min(nowMs, saidAtMs + arrivesAfterMs);
  const trace = mergeTrace(store, seed, { atMs, saidAtMs });
  const way = seed.way ?? trace.way;
  if (way !== trace.way) store.putTrace({ ...trace, way });
  seedObservations(store, seed.id, seed.observations ?? [], way, nowMs);
}

/**
 * Puts observations of a trace, which need not be there. By `ingestion` a known id is updated; by `otlp` it is exported again, which v1
 * shows as the newest and v2 as one more row.
 */
export function seedObservations(
  store: ProjectStore,
  traceId: string,
  observations: readonly SeedObservation[],
  way: Way,
  nowMs: number,
): void {
  const environment = store.traces.get(traceId)?.environment;
  for (const seed of observations) {
    const before = store.observation(traceId, seed.id);
    const saidAtMs = seed.startMs ?? before?.startMs ?? nowMs;
    const endedAtMs = Math.max(saidAtMs, seed.endMs ?? saidAtMs);
    const commit = { atMs: before ? nowMs : Math.min(nowMs, endedAtMs + arrivesAfterMs), saidAtMs };
    if (way === 'otlp') store.dropObservation(traceId, seed.id);
    const merged = mergeObservation(
      store,
      { environment, ...(way === 'otlp' && said(before)), ...seed, traceId },
      commit,
    );
    if (way !== 'otlp') continue;
    const observation = { ...merged, way };
    store.putObservation(observation);
    store.appendEvent(observation, store.contextOf(traceId));
  }
  store.propagate(traceId);
}

/** What a re-export says again where the order leaves it out. */
const said = (row: ObservationRecord | undefined): Partial<SeedObservation> =>
  row
    ? {
        type: row.type,
        startMs: row.startMs,
        endMs: row.endMs,
        name: row.name,
        parentId: row.parentId,
        model: row.model,
        usageDetails: row.usageDetails,
        level: row.level,
        input: row.input,
        output: row.output,
      }
    : {};

export interface SeedScore {
  readonly id: string;
  readonly name: string;
  readonly dataType: ScoreRecord['dataType'];
  readonly timestampMs: number;
  readonly value?: number | null | undefined;
  readonly stringValue?: string | null | undefined;
  readonly traceId?: string | null | undefined;
  readonly observationId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly comment?: string | null | undefined;
  readonly environment?: string | null | undefined;
  readonly metadata?: Json | undefined;
}

/** Puts a score; one of the same id is replaced. */
export function putScore(store: ProjectStore, seed: SeedScore, nowMs: number): void {
  store.putScore({
    id: seed.id,
    traceId: seed.traceId ?? null,
    observationId: seed.observationId ?? null,
    sessionId: seed.sessionId ?? null,
    name: seed.name,
    value: seed.value ?? null,
    stringValue: seed.stringValue ?? null,
    dataType: seed.dataType,
    source: 'API',
    comment: seed.comment ?? null,
    metadata: seed.metadata ?? {},
    environment: seed.environment ?? 'default',
    configId: null,
    queueId: null,
    timestampMs: seed.timestampMs,
    createdAtMs: store.scores.get(seed.id)?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  });
}
