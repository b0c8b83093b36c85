import { describe, expect, it } from 'vitest';
import type { ObservationRow } from '../../domain/langfuse/rows.js';
import { traceFactsOf, type TraceFacts } from '../../domain/statistics/trace-facts.js';
import { recording, type Exchange } from '../../simulators/langfuse/testing/recordings.js';
import type { Fields } from './fields.js';
import { observationOfV1, traceOfV1 } from './map-v1.js';
import { rowOfV2 } from './map-v2.js';

/* What we make of the rows of a real 4.16 server, against the figures that it gave with them. */

const files = [
  'otel-dual',
  'otel-events_only',
  'otel-duplicate-span-ids-v4.16.0',
  'trace-lifecycle-v4.16.0-dual',
  'v2-observations-after-propagation',
  'duplicates-late-deletes-v4.16.0-dual',
  'v2-paging-v4.16.0',
  'paging-v4.16.0-dual',
] as const;

interface Told extends Fields {
  readonly latency: number | null;
  readonly timeToFirstToken: number | null;
  readonly totalCost: number;
  readonly endTime: string | null;
}

const read = (pattern: RegExp): readonly Exchange[] =>
  files
    .flatMap((file) => recording(file))
    .filter(
      ({ request, response }) =>
        request.method === 'GET' && response.status === 200 && pattern.test(request.path),
    );
const rowsOf = ({ response }: Exchange): readonly Told[] => {
  const { data } = response.body as { data: unknown };
  return Array.isArray(data) ? (data as Told[]) : [];
};

const factsOf = (observations: readonly ObservationRow[]): TraceFacts =>
  traceFactsOf({
    traceId: 'recorded',
    startedAtMs: observations[0]?.startedAtMs ?? 0,
    name: null,
    release: null,
    sessionId: null,
    userId: null,
    environment: null,
    tags: [],
    observations: observations.map((row) => ({
      ...row,
      modelParameters: JSON.parse(row.modelParameters ?? '{}') as Fields,
      usage: JSON.parse(row.usage ?? '{}') as Fields,
      output: null,
      metadata: {},
      projectModels: [],
    })),
  });

/** The server tells seconds. */
const inMs = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 1_000);
const inPico = (usd: number): bigint => BigInt(Math.round(usd * 1e12));

describe('figures of recorded traces', () => {
  const traces = read(/^\/api\/public\/traces\/[^/?]+(\?.*)?$/)
    .map(({ response }) => response.body as Told & { observations?: Told[] })
    .flatMap((trace) =>
      typeof trace.observations?.[0] === 'object' ? [{ ...trace, observations: trace.observations }] : [],
    );

  it('are the latency and the cost that the server gives', () => {
    expect(traces.length).toBeGreaterThan(3);
    for (const trace of traces) {
      const facts = factsOf(trace.observations.map(observationOfV1));
      expect(facts.latencyMs, traceOfV1(trace).traceId).toBe(inMs(trace.latency));
      expect(facts.total.costPicoUsd).toBe(inPico(trace.totalCost));
    }
  });

  it('are the latency, first token and tokens of each observation, and its cost agrees with the price table', () => {
    let priced = 0;
    for (const row of traces.flatMap(({ observations }) => observations)) {
      const facts = factsOf([observationOfV1(row)]);
      expect(facts.latencyMs).toBe(inMs(row.latency) ?? 0);
      expect(facts.firstTokenMs[0] ?? null).toBe(inMs(row.timeToFirstToken));
      expect(facts.total).toMatchObject({
        inputTokens: row['promptTokens'],
        outputTokens: row['completionTokens'],
        totalTokens: row['totalTokens'],
        disagreeing: 0,
      });
      priced += facts.total.recomputed;
    }
    expect(priced).toBeGreaterThan(2);
  });
});

describe('figures of recorded v2 rows', () => {
  const rows = read(/\/v2\/observations\?.*fields=[^&]*metrics/).flatMap(rowsOf);

  it('are those of the row itself; a span without length lasts 0 ms, one that is open has no latency', () => {
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      const { observation } = rowOfV2(row);
      if (observation.synthetic) continue;
      const facts = factsOf([observation]);
      expect(facts.latencyMs).toBe(inMs(row.latency) ?? 0);
      expect(facts.openObservations).toBe(row.endTime === null ? 1 : 0);
      expect(facts.firstTokenMs[0] ?? null).toBe(inMs(row.timeToFirstToken));
      expect(facts.total.costPicoUsd).toBe(inPico(row.totalCost));
      expect([facts.total.inputTokens, facts.total.outputTokens, facts.total.totalTokens]).toEqual([
        row['inputUsage'],
        row['outputUsage'],
        row['totalUsage'],
      ]);
    }
  });

  it('tell each invented row of a trace from a span', () => {
    const all = read(/\/v2\/observations/)
      .flatMap(rowsOf)
      .map((row) => [row, rowOfV2(row).observation] as const);
    const invented = all.filter(([, { synthetic }]) => synthetic);
    expect(invented.length).toBeGreaterThan(0);
    for (const [row, { traceId }] of invented) {
      expect(row).toMatchObject({ id: `t-${traceId}`, endTime: null, latency: null });
      expect(factsOf([rowOfV2(row).observation]).observations).toBe(0);
    }
    for (const [row, { parentId }] of all)
      if (row['parentObservationId'] === `t-${String(row['traceId'])}`) expect(parentId).toBeNull();
  });
});

describe('both APIs', () => {
  it('give one row for one recorded span', () => {
    const v1 = new Map(
      read(/\/observations\?traceId/)
        .filter(({ request }) => !request.path.includes('/v2/'))
        .flatMap(rowsOf)
        .map((row) => [row['id'], observationOfV1(row)]),
    );
    const compared = read(/\/v2\/observations\?.*fields=core,basic,time,io/)
      .flatMap(rowsOf)
      .map((row) => rowOfV2(row).observation)
      .flatMap((row) => {
        const other = v1.get(row.observationId);
        return other ? [[row, other] as const] : [];
      });
    expect(compared.length).toBeGreaterThan(2);
    for (const [two, one] of compared) {
      // Times of writing differ by milliseconds, metadata is nested otherwise (langfuse.md 4).
      const { serverCreatedAtMs, serverUpdatedAtMs, body, ...rest } = two;
      expect(serverCreatedAtMs).not.toBeNull();
      expect(serverUpdatedAtMs).not.toBeNull();
      expect({ ...one, ...rest, body: null }).toEqual({ ...one, body: null });
      expect([body.input, body.output]).toEqual([one.body.input, one.body.output]);
    }
  });
});

it('keeps one of three exports of a span, where the server counts and sums up two', () => {
  const { data } = recording('otel-duplicate-span-ids-v4.16.0')
    .map(({ response }) => response.body as { data: Told[] })
    .filter((body) => Array.isArray(body.data) && body.data.length === 2)
    .at(-1)!;
  const rows = data.map((row) => rowOfV2(row).observation);
  expect(new Set(rows.map(({ observationId }) => observationId)).size).toBe(1);
  expect(rows.reduce((sum, { costPicoUsd }) => sum + (costPicoUsd ?? 0), 0)).toBe(15_000_000_000);
  expect(factsOf([rows[0]!]).total.costPicoUsd).toBe(10_000_000_000n);
});
