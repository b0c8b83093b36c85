import { xxhash32 } from '../xxhash32.js';
import { PriceTable } from './model-prices.js';
import {
  unpriced,
  type EventRecord,
  type ObservationRecord,
  type ScoreRecord,
  type SessionRecord,
  type TraceContext,
  type TraceRecord,
} from './records.js';

const noContext: TraceContext = {
  name: null,
  userId: null,
  sessionId: null,
  tags: [],
  release: null,
  version: null,
  bookmarked: false,
  public: false,
};

/**
 * The tables of one project: traces and observations as v1 reads them, and the event rows that v2 reads. A write changes them when the
 * clock reaches the time at which the server would show it; `settle` applies what is due.
 */
export class ProjectStore {
  readonly traces = new Map<string, TraceRecord>();
  readonly sessions = new Map<string, SessionRecord>();
  readonly scores = new Map<string, ScoreRecord>();
  readonly prices = new PriceTable();
  /** Envelope id of an ingestion event, and the bytes that came with it. */
  readonly envelopes = new Map<string, string>();
  readonly #observations = new Map<string, Map<string, ObservationRecord>>();
  readonly #events = new Map<string, EventRecord[]>();
  /** By trace. */
  readonly #scoreIds = new Map<string, Set<string>>();
  readonly #due: { readonly atMs: number; readonly apply: (atMs: number) => void }[] = [];
  #sorted: readonly EventRecord[] | null = null;

  constructor(readonly id: string) {}

  /** Runs `apply` once the clock has reached `atMs`; at equal times in the order of the calls. */
  later(atMs: number, apply: (atMs: number) => void): void {
    const index = this.#due.findLastIndex((entry) => entry.atMs <= atMs) + 1;
    this.#due.splice(index, 0, { atMs, apply });
  }

  settle(nowMs: number): void {
    for (let next = this.#due[0]; next !== undefined && next.atMs <= nowMs; next = this.#due[0]) {
      this.#due.shift();
      next.apply(next.atMs);
    }
  }

  get pending(): number {
    return this.#due.length;
  }

  observationsOf(traceId: string): readonly ObservationRecord[] {
    return [...(this.#observations.get(traceId)?.values() ?? [])];
  }

  observation(traceId: string, id: string): ObservationRecord | undefined {
    return this.#observations.get(traceId)?.get(id);
  }

  *observations(): Iterable<ObservationRecord> {
    for (const rows of this.#observations.values()) yield* rows.values();
  }

  putTrace(trace: TraceRecord): void {
    this.traces.set(trace.id, trace);
  }

  putObservation(observation: ObservationRecord): void {
    let rows = this.#observations.get(observation.traceId);
    if (!rows) this.#observations.set(observation.traceId, (rows = new Map<string, ObservationRecord>()));
    rows.set(observation.id, observation);
  }

  putScore(score: ScoreRecord): void {
    this.scores.set(score.id, score);
    if (score.traceId === null) return;
    const ids = this.#scoreIds.get(score.traceId);
    if (ids) ids.add(score.id);
    else this.#scoreIds.set(score.traceId, new Set([score.id]));
  }

  scoresOf(traceId: string): readonly ScoreRecord[] {
    return [...(this.#scoreIds.get(traceId) ?? [])].flatMap((id) => {
      const score = this.scores.get(id);
      return score?.traceId === traceId ? [score] : [];
    });
  }

  /** The next write of this observation starts anew instead of merging. */
  dropObservation(traceId: string, id: string): void {
    this.#observations.get(traceId)?.delete(id);
  }

  contextOf(traceId: string): TraceContext {
    return this.traces.get(traceId) ?? noContext;
  }

  /** A session is made by the first trace that names it and never changed (langfuse.md 3). */
  noteSession(id: string | null, environment: string, atMs: number): void {
    if (id !== null && !this.sessions.has(id)) this.sessions.set(id, { id, createdAtMs: atMs, environment });
  }

  /** The v2 rows in the server's order: start, hash of the trace id, id, all descending; of copies the newer first. */
  events(): readonly EventRecord[] {
    this.#sorted ??= [...this.#events.values()].flat().sort(compareEvents);
    return this.#sorted;
  }

  eventsOf(traceId: string): readonly EventRecord[] {
    return [...(this.#events.get(traceId) ?? [])].sort(compareEvents);
  }

  /** A span that came by OTLP. Copies of one start time collapse when the next copy comes, copies of another start time stay. */
  appendEvent(observation: ObservationRecord, context: TraceContext): void {
    const rows = this.#events.get(observation.traceId) ?? [];
    const copies = rows.filter((row) => row.observation.id === observation.id);
    const collapsed = copies.filter((row) =>
      copies.some((other) => other.observation.startMs === row.observation.startMs && newer(other, row)),
    );
    const traceHash = rows[0]?.traceHash ?? xxhash32(observation.traceId);
    this.#setEvents(observation.traceId, [
      ...rows.filter((row) => !collapsed.includes(row)),
      { observation, context, traceHash, synthetic: false },
    ]);
  }

  /** Makes the v2 rows of a trace that came by /ingestion anew from the v1 tables: its observations, joined with the trace, and its root. */
  propagate(traceId: string): void {
    const trace = this.traces.get(traceId);
    const context = this.contextOf(traceId);
    const before = this.#events.get(traceId) ?? [];
    const traceHash = before[0]?.traceHash ?? xxhash32(traceId);
    const kept = before.filter((row) => row.observation.way === 'otlp');
    // A session that is set after a row was made never reaches that row (langfuse.md 4).
    const rows = this.observationsOf(traceId)
      .filter(({ way }) => way === 'ingestion')
      .map(
        (observation) =>
          before.find((row) => row.observation === observation) ?? {
            observation,
            context,
            traceHash,
            synthetic: false,
          },
      );
    const root =
      trace?.way === 'ingestion'
        ? [{ observation: syntheticRoot(trace), context, traceHash, synthetic: true }]
        : [];
    this.#setEvents(traceId, [...kept, ...rows, ...root]);
  }

  removeTrace(traceId: string): void {
    this.traces.delete(traceId);
    this.#observations.delete(traceId);
    this.#events.delete(traceId);
    for (const { id } of this.scoresOf(traceId)) this.scores.delete(id);
    this.#scoreIds.delete(traceId);
    this.#sorted = null;
  }

  #setEvents(traceId: string, rows: EventRecord[]): void {
    this.#events.set(traceId, rows);
    this.#sorted = null;
  }
}

const newer = (a: EventRecord, b: EventRecord): boolean =>
  a.observation.createdAtMs > b.observation.createdAtMs;

const descending = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);

/** Position in the v2 order; the copies of one span share it. */
export const comparePositions = (
  a: { readonly startMs: number; readonly traceHash: number; readonly id: string },
  b: { readonly startMs: number; readonly traceHash: number; readonly id: string },
): number => b.startMs - a.startMs || b.traceHash - a.traceHash || descending(a.id, b.id);

export const positionOf = (row: EventRecord): { startMs: number; traceHash: number; id: string } => ({
  startMs: row.observation.startMs,
  traceHash: row.traceHash,
  id: row.observation.id,
});

function compareEvents(a: EventRecord, b: EventRecord): number {
  return (
    b.observation.startMs - a.observation.startMs ||
    b.traceHash - a.traceHash ||
    descending(a.observation.id, b.observation.id) ||
    b.observation.createdAtMs - a.observation.createdAtMs
  );
}

function syntheticRoot(trace: TraceRecord): ObservationRecord {
  return {
    id: `t-${trace.id}`,
    traceId: trace.id,
    way: 'ingestion',
    type: 'SPAN',
    startMs: trace.timestampMs,
    endMs: null,
    parentId: null,
    name: trace.name,
    level: 'DEFAULT',
    statusMessage: null,
    version: trace.version,
    environment: trace.environment,
    createdAtMs: trace.createdAtMs,
    updatedAtMs: trace.updatedAtMs,
    input: trace.input,
    output: trace.output,
    metadata: trace.metadata,
    model: null,
    modelParameters: null,
    completionStartMs: null,
    promptId: null,
    promptName: null,
    promptVersion: null,
    usageDetails: {},
    costDetails: {},
    price: unpriced,
  };
}
