import { LangfuseClient } from '@langfuse/client';
import { Langfuse } from 'langfuse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

const keys = (): { publicKey: string; secretKey: string; baseUrl: string } => ({
  publicKey: 'pk-lf-proj1',
  secretKey: 'sk-lf-proj1',
  baseUrl: served.simulator.url,
});

describe('langfuse 3.39.2', () => {
  const write = async (client: Langfuse): Promise<void> => {
    const trace = client.trace({
      id: 'turn-1',
      name: 'turn',
      sessionId: 'call-1',
      userId: 'u1',
      tags: ['booked'],
    });
    const generation = trace.generation({
      id: 'step-1',
      name: 'model step',
      model: 'gpt-4o',
      input: [{ role: 'user' }],
    });
    generation.end({ output: 'Hello.', usageDetails: { input: 100, output: 20 } });
    generation.span({ id: 'tool-1', name: 'find_slots' }).end({ level: 'ERROR', statusMessage: 'boom' });
    trace.score({ id: 'score-1', name: 'outcome', value: 'booked' });
    await client.flushAsync();
  };

  it('writes by its queue and reads it back by both of its ways', async () => {
    const client = new Langfuse(keys());
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    await write(client);
    expect(errors).toEqual([]);
    expect((await client.fetchTraces({ sessionId: 'call-1' })).data).toMatchObject([
      { id: 'turn-1', tags: ['booked'] },
    ]);
    const { data: trace } = await client.fetchTrace('turn-1');
    expect(trace.totalCost).toBe(0.00045);
    expect(trace.observations.map(({ id }) => id).sort()).toEqual(['step-1', 'tool-1']);
    expect(trace.scores).toMatchObject([{ name: 'outcome', stringValue: 'booked' }]);
    const observations = await client.api.observationsGetMany({ traceId: 'turn-1', type: 'GENERATION' });
    expect(observations.data).toMatchObject([{ id: 'step-1', totalTokens: 120, parentObservationId: null }]);
    expect((await client.api.sessionsGet('call-1')).traces).toHaveLength(1);
    expect((await client.api.projectsGet()).data).toMatchObject([{ id: 'proj1' }]);
    expect((await client.api.healthHealth()).version).toBe('4.16.0');
    expect((await client.api.modelsList({ limit: 1 })).data).toHaveLength(1);
    expect((await client.api.traceList({ limit: 1, fields: 'core' })).data[0]).toMatchObject({
      totalCost: -1,
    });
    await client.shutdownAsync();
  });

  it('reaches v2 and OTLP by another path, as the note says', async () => {
    const client = new Langfuse(keys());
    await write(client);
    const elsewhere = (path: string, more: object = {}): object => ({ path: `/api/public${path}`, ...more });
    const rows = (await client.api.traceList({ limit: 10 }, elsewhere('/v2/observations'))) as unknown as {
      readonly data: readonly { readonly id: string }[];
    };
    expect(rows.data.map(({ id }) => id).sort()).toEqual(['step-1', 't-turn-1', 'tool-1']);
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'own',
      startTimeUnixNano: '1795414977568000000',
    };
    await client.api.ingestionBatch(
      { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] } as never,
      elsewhere('/otel/v1/traces', { headers: { 'x-langfuse-ingestion-version': '4' } }),
    );
    expect((await client.api.traceGet('a'.repeat(32))).observations).toMatchObject([{ name: 'own' }]);
    await client.shutdownAsync();
  });

  it('takes errors for empty lists, and throws the Response of its other way', async () => {
    const client = new Langfuse(keys());
    await served.order('POST', '/faults', [
      { kind: '500' },
      { kind: '429' },
      { kind: '429' },
      { kind: '502-html' },
    ]);
    expect(await client.fetchTraces()).toEqual({ data: undefined, meta: undefined });
    expect(await client.fetchTraces()).toEqual({ data: undefined, meta: undefined });
    await expect(client.api.traceList({})).rejects.toMatchObject({ status: 429 });
    await expect(client.api.traceList({})).rejects.toMatchObject({ status: 502 });
    await client.shutdownAsync();
  });
});

describe('@langfuse/client 5.11.1', () => {
  it('reads v2 by cursor, metrics, scores and the v1 endpoints that it calls legacy', async () => {
    const client = new LangfuseClient(keys());
    await served.order('POST', '/traces', {
      traces: [
        {
          id: 'turn-1',
          timestamp: '2026-11-20T10:00:00Z',
          sessionId: 'call-1',
          observations: [
            {
              id: 'step-1',
              type: 'GENERATION',
              startTime: '2026-11-20T10:00:00Z',
              model: 'gpt-4o',
              usageDetails: { input: 100 },
            },
          ],
        },
      ],
    });
    client.score.create({ id: 'score-1', traceId: 'turn-1', name: 'outcome', value: 'booked' });
    await client.score.flush();
    const first = await client.api.observations.getMany({ limit: 1, fields: 'core,basic,usage' });
    expect(first.data).toMatchObject([{ traceId: 'turn-1', sessionId: 'call-1' }]);
    const { cursor } = first.meta;
    expect(
      (await client.api.observations.getMany({ limit: 1, ...(cursor !== undefined && { cursor }) })).meta,
    ).toEqual({});
    const query = JSON.stringify({
      view: 'observations',
      metrics: [{ measure: 'totalCost', aggregation: 'sum' }],
      fromTimestamp: '2026-11-20T00:00:00Z',
      toTimestamp: '2026-11-21T00:00:00Z',
    });
    expect((await client.api.metrics.metrics({ query })).data).toEqual([{ sum_totalCost: 0.00025 }]);
    expect((await client.api.scoresV3.getManyV3({})).data).toMatchObject([
      { name: 'outcome', value: 'booked' },
    ]);
    // What Cloud calls deprecated is what self-hosted servers have: both are to be served.
    /* eslint-disable @typescript-eslint/no-deprecated */
    expect((await client.api.sessions.list({})).data).toMatchObject([{ id: 'call-1' }]);
    expect((await client.api.trace.get('turn-1')).observations).toHaveLength(1);
    /* eslint-enable @typescript-eslint/no-deprecated */
    expect((await client.api.projects.get()).data).toHaveLength(1);
    await client.shutdown();
  });

  it('waits for Retry-After and tries again', async () => {
    const client = new LangfuseClient(keys());
    await served.order('POST', '/faults', { kind: '429', retryAfterSeconds: 0 });
    expect((await client.api.observations.getMany({})).data).toEqual([]);
    expect(await served.order('GET', '/requests')).toMatchObject({ total: 2 });
    await client.shutdown();
  });
});
