import { expect, it } from 'vitest';
import type { Body, ObservationRow, ReadRows, TraceRow } from '../../../domain/langfuse/rows.js';
import { searchTermsOf } from '../../../domain/search/search-terms.js';
import { sessionRuleOf } from '../../../domain/sessions/session-group.js';
import { percentileOfCounts } from '../../../domain/statistics/percentile.js';
import { readStep, readTrace } from '../../../test/kit/read-rows.js';
import { migrate } from '../../database/migrate.js';
import { storeContract } from '../../../test/kit/store-contract.js';

const base = Date.parse('2030-03-04T09:00:00Z');
const minute = 60_000;
const march = { fromDay: '2030-03-01', toDay: '2030-03-31' };

const trace = (traceId: string, atMinute: number, change?: Partial<TraceRow & { body: Body | null }>) =>
  readTrace(traceId, base + atMinute * minute, change);
const step = (traceId: string, atMinute: number, change?: Partial<ObservationRow>) =>
  readStep(traceId, base + atMinute * minute, change);

storeContract('sessions', (scene) => {
  const rule = sessionRuleOf(undefined);
  const home = (tenantId = scene().tenant()) => {
    const owner = { tenantId, environment: 'sandbox' as const, configId: 'c', api: 'v1' as const };
    const { store } = scene();
    const digest = async (by = rule) => {
      let taken = 0;
      for (;;) {
        const some = await store.sessions.digest(tenantId, 'sandbox', by);
        if (some === 0) return taken;
        taken += some;
      }
    };
    return {
      owner,
      tenantId,
      digest,
      put: async (rows: Partial<ReadRows>, by = rule) => {
        await store.importedTraces.save(owner, { traces: [], observations: [], unreadable: [], ...rows });
        return digest(by);
      },
      turn: (
        id: string,
        atMinute: number,
        change: Partial<TraceRow & { body: Body | null }> = {},
        observed: Partial<ObservationRow> = {},
      ) => ({
        traces: [trace(id, atMinute, change)],
        observations: [step(id, atMinute, observed)],
      }),
      list: async () => (await store.sessions.list(tenantId, 'sandbox', {}, { limit: 50 })).rows,
      said: async (text: string, filter: Parameters<typeof store.sessions.list>[2] = {}) => {
        const { rows } = await store.sessions.list(
          tenantId,
          'sandbox',
          { ...filter, said: searchTermsOf(text) },
          { limit: 50 },
        );
        return rows.map(({ facts }) => facts.userId);
      },
      dump: async () => {
        const { kysely } = scene().database;
        const all = [];
        for (const table of [
          'sessions',
          'trace_facts',
          'transcript_turns',
          'session_changes',
          'daily_counts',
          'price_findings',
        ] as const)
          all.push(
            (await kysely.selectFrom(table).selectAll().where('tenant_id', '=', tenantId).execute())
              .map((row) =>
                JSON.stringify(row, (_key, value: unknown) =>
                  typeof value === 'bigint' ? String(value) : value,
                ),
              )
              .sort(),
          );
        return all;
      },
    };
  };

  it('are formed as traces come, with their figures, and one caller with a pause makes two', async () => {
    const { put, turn, list } = home();
    await put(turn('a', 0));
    await put(turn('b', 20));
    await put(turn('c', 60, { tags: '["outcome:booked"]' }));
    const [later, earlier] = await list();
    expect(later).toMatchObject({ groupedBy: 'caller', facts: { turns: 1, outcome: { outcome: 'booked' } } });
    expect(earlier?.facts).toMatchObject({
      turns: 2,
      durationMs: 20 * minute + 2_000,
      activeMs: 4_000,
      latencyP50Ms: 2_000,
      firstTokenP95Ms: 500,
      userId: 'caller-1',
      total: {
        costPicoUsd: 1_000_000_000n,
        inputTokens: 280,
        totalTokens: 320,
        recomputed: 2,
        disagreeing: 0,
      },
    });
  });

  it('do not change when everything is imported again, in other portions', async () => {
    const { put, turn, dump, tenantId } = home();
    const turns = [
      turn('a', 0),
      turn('b', 20),
      turn('c', 60),
      turn('d', 61, { sessionId: 's-1', userId: null }),
    ];
    for (const rows of turns) await put(rows);
    const before = await dump();
    scene().clock.now += minute;
    const { kysely } = scene().database;
    for (const id of ['b', 'd', 'a', 'c']) {
      await kysely
        .insertInto('changed_traces')
        .values({ tenant_id: tenantId, environment: 'sandbox', trace_id: id, changed_at_ms: 1 })
        .execute();
      await put({});
    }
    for (const rows of turns) await put(rows);
    expect(await dump()).toEqual(before);
  });

  it('become one when the turn between arrives late; the old id still leads there, and the log says so', async () => {
    const { put, turn, list, tenantId } = home();
    const { sessions } = scene().store;
    await put(turn('a', 0));
    await put(turn('c', 50));
    const [second, first] = await list();
    await put(turn('b', 25));
    const [only, ...none] = await list();
    expect(none).toEqual([]);
    expect(only).toMatchObject({ sessionId: first?.sessionId, facts: { turns: 3 } });
    expect((await sessions.find(tenantId, 'sandbox', second?.sessionId ?? ''))?.sessionId).toBe(
      first?.sessionId,
    );
    expect(await sessions.changes(tenantId, 'sandbox', first?.sessionId ?? '')).toMatchObject([
      { kind: 'merged', sessionId: second?.sessionId, otherId: first?.sessionId },
    ]);
    const counted = await scene().store.insights.tallies(tenantId, 'sandbox', 'outcome', 'item', march);
    expect(counted).toMatchObject([{ key: 'unknown', tally: { count: 1, costPicoUsd: 1_500_000_000n } }]);
  });

  it('come apart when the turn between is deleted, and end with their last turn', async () => {
    const { put, turn, list, owner, digest, tenantId } = home();
    const { importedTraces, insights } = scene().store;
    for (const rows of [turn('a', 0), turn('b', 25), turn('c', 50)]) await put(rows);
    await importedTraces.markDeleted(owner, 'b');
    await digest();
    expect((await list()).map(({ facts }) => facts.turns)).toEqual([1, 1]);
    for (const id of ['a', 'c']) await importedTraces.markDeleted(owner, id);
    await digest();
    expect(await list()).toEqual([]);
    for (const view of ['trace', 'model', 'outcome'] as const)
      expect(await insights.tallies(tenantId, 'sandbox', view, 'day', march)).toEqual([]);
    expect(await insights.durations(tenantId, 'sandbox', 'trace', null, march)).toEqual(new Map());
  });

  it('follow the trace when it names another session, without rewriting its own id', async () => {
    const { put, turn, list, tenantId } = home();
    await put(turn('a', 0));
    await put(turn('b', 5));
    await put(turn('a', 0, { sessionId: 'theirs', serverUpdatedAtMs: 2 }, { serverUpdatedAtMs: 2 }));
    const rows = await list();
    expect(rows.map(({ groupedBy, facts }) => [groupedBy, facts.turns, facts.ownSessionIds])).toEqual([
      ['caller', 1, []],
      ['sessionId', 1, ['theirs']],
    ]);
    const { sessions } = scene().store;
    for (const id of ['theirs', 'a'])
      expect((await sessions.find(tenantId, 'sandbox', id))?.sessionId).toBe(rows[1]?.sessionId);
    expect(await sessions.find(tenantId, 'production', 'a')).toBeUndefined();
    expect(await sessions.find(scene().tenant(), 'sandbox', 'a')).toBeUndefined();
  });

  it('hold turns together that bear session ids of their own, by the rule of the tenant', async () => {
    const { put, turn, list } = home();
    const perTurn = sessionRuleOf({ idleGapMinutes: 30, ownSessionIds: 'perTurn' });
    await put(turn('a', 0, { sessionId: 'one' }), perTurn);
    await put(turn('b', 5, { sessionId: 'two' }), perTurn);
    expect((await list()).map(({ facts }) => facts.ownSessionIds)).toEqual([['one', 'two']]);
  });

  it('are counted by day, model and price as they are now, however often they were counted', async () => {
    const { put, turn, tenantId } = home();
    await put(turn('a', 0));
    await put(turn('b', 24 * 60, {}, { endedAtMs: base + 24 * 60 * minute + 4_000 }));
    await put(
      turn(
        'a',
        0,
        {},
        { costPicoUsd: 700_000_000, level: 'ERROR', statusMessage: 'bad', serverUpdatedAtMs: 2 },
      ),
    );
    await put(turn('u', 24 * 60 + 1, {}, { model: 'house', costPicoUsd: null }));
    const { insights } = scene().store;
    expect(await insights.tallies(tenantId, 'sandbox', 'model', 'item', march)).toMatchObject([
      {
        key: 'gpt-4o',
        tally: {
          count: 2,
          errors: 1,
          costPicoUsd: 1_200_000_000n,
          disagreeing: 1,
          ourCostPicoUsd: 1_000_000_000n,
        },
      },
      { key: 'house', tally: { count: 1, unpriced: 1, costPicoUsd: 0n } },
    ]);
    expect(await insights.tallies(tenantId, 'sandbox', 'trace', 'day', march)).toMatchObject([
      { key: '2030-03-04', tally: { count: 1, errors: 1 } },
      { key: '2030-03-05', tally: { count: 2, errors: 0 } },
    ]);
    const all = (await insights.durations(tenantId, 'sandbox', 'trace', null, march)).get('') ?? [];
    expect([all.map(({ value, count }) => [value, count]), percentileOfCounts(all, 50)]).toEqual([
      [
        [2_000, 2],
        [4_000, 1],
      ],
      2_000,
    ]);
    const found = async (kind: 'disagreement' | 'unpriced') =>
      (await insights.priceFindings(tenantId, 'sandbox', kind, { limit: 10 })).rows.map((row) => [
        row.observationId,
        row.costPicoUsd,
      ]);
    expect(await found('disagreement')).toEqual([['a-step', 700_000_000n]]);
    expect(await found('unpriced')).toEqual([['u-step', null]]);
  });

  it('are checked against the prices that their project had when they began', async () => {
    const { put, turn, digest, owner, tenantId } = home();
    const { modelPrices, insights } = scene().store;
    const ours = (
      input: number,
      conditions: readonly { source: string; key: string; values: string[] }[] = [],
    ) => {
      const tier = (name: string, price: number) => ({
        name,
        priority: 0,
        conditions: [],
        prices: { input: price },
      });
      const special = { ...tier('Special', 0.5), isDefault: false, priority: 1, conditions };
      return {
        modelName: 'ours',
        matchPattern: '(?i)^gpt-4o$',
        startsAtMs: null,
        tiers: [{ ...tier('Own', input), isDefault: true }, special],
      };
    };
    const found = async () =>
      (await insights.priceFindings(tenantId, 'sandbox', 'disagreement', { limit: 10 })).rows.map((row) => [
        row.traceId,
        row.ourCostPicoUsd,
      ]);
    const { clock } = scene();
    const before = clock.now;
    // 100 units of input at 7e-6 USD.
    await put(turn('a', 0, {}, { costPicoUsd: 700_000_000 }));
    expect(await found()).toEqual([['a', 500_000_000n]]);
    await modelPrices.save(owner, [ours(7e-6)]);
    await digest();
    expect(await found()).toEqual([]);
    // The same again is no new version; a new price is none for what began before.
    clock.now = base + 60 * minute;
    await modelPrices.save(owner, [ours(7e-6)]);
    expect(await modelPrices.latest(tenantId, 'sandbox')).toMatchObject([
      { configId: 'c', seenAtMs: before, checkedAtMs: clock.now },
    ]);
    clock.now = before + 60 * minute;
    const later = (before - base) / minute + 61;
    await modelPrices.save(owner, [ours(8e-6, [{ source: 'metadata', key: 'desk', values: ['gold'] }])]);
    await put(turn('b', later, {}, { costPicoUsd: 800_000_000 }));
    await put(turn('c', later, {}, { costPicoUsd: 700_000_000 }));
    const metadata = { input: null, output: null, metadata: '{"desk":"gold"}' };
    const gold = turn('d', later, {}, { costPicoUsd: 50_000_000_000_000 });
    await put({ ...gold, observations: gold.observations.map((row) => ({ ...row, body: metadata })) });
    await put(turn('a', 0, {}, { costPicoUsd: 700_000_000, endedAtMs: base + 5_000, serverUpdatedAtMs: 2 }));
    expect(await found()).toEqual([['c', 800_000_000n]]);
    expect(await modelPrices.latest(tenantId, 'production')).toEqual([]);
    expect(await modelPrices.latest(scene().tenant(), 'sandbox')).toEqual([]);
    clock.now = before;
  });

  it('are listed newest first, by filter and cursor, and only to their practice', async () => {
    const { put, turn, tenantId } = home();
    for (let index = 0; index < 5; index += 1)
      await put(
        turn(`t${index}`, index * 60, {
          userId: `caller-${index}`,
          tags: index > 2 ? '["outcome:booked"]' : null,
        }),
      );
    const { sessions } = scene().store;
    const first = await sessions.list(tenantId, 'sandbox', {}, { limit: 3 });
    const second = await sessions.list(tenantId, 'sandbox', {}, { limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.rows, ...second.rows].map(({ facts }) => facts.userId)).toEqual(
      [4, 3, 2, 1, 0].map((index) => `caller-${index}`),
    );
    expect(second.nextCursor).toBeNull();
    const count = async (filter: Parameters<typeof sessions.list>[2]) =>
      (await sessions.list(tenantId, 'sandbox', filter, { limit: 50 })).rows.length;
    expect(await count({ outcome: 'booked' })).toBe(2);
    expect(await count({ userId: 'caller-1' })).toBe(1);
    expect(await count({ withErrors: true })).toBe(0);
    expect(await count({ fromMs: base + 60 * minute, toMs: base + 180 * minute })).toBe(2);
    expect((await sessions.list(scene().tenant(), 'sandbox', {}, { limit: 50 })).rows).toEqual([]);
    expect((await sessions.list(tenantId, 'production', {}, { limit: 50 })).rows).toEqual([]);
  });

  const speech = (input: string, output: string) => ({ body: { input, output, metadata: null } });

  it('are found by what was said in any of their turns, whatever its case and accents, with filters and cursor', async () => {
    const { put, turn, said, tenantId } = home();
    await put(turn('a', 0, speech('{"text":"Necesito una cita MAÑANA"}', 'Sí, señora Pérez.')));
    await put(turn('b', 5, speech('The braces hurt', 'Tuesday at 3:30 is free.')));
    await put(turn('c', 0, { userId: 'caller-2', ...speech('Tuesday? The braces of my son', 'Of course.') }));
    await put(turn('d', 0, { userId: 'caller-3', sessionId: 's', ...speech('', '') }));
    for (const [text, found] of [
      ['manana perez', ['caller-1']],
      ['pérez braces', ['caller-1']],
      ['braces tuesday', ['caller-1', 'caller-2']],
      ['"braces hurt"', ['caller-1']],
      ['"hurt braces"', []],
      ['3:30', ['caller-1']],
      ['nece* tues*', ['caller-1']],
      ['brace', []],
      ['" OR * ) -', []],
      ['***', []],
    ] as const)
      expect([text, (await said(text)).sort()]).toEqual([text, found]);
    expect(await said('braces', { userId: 'caller-2' })).toEqual(['caller-2']);
    const { sessions } = scene().store;
    const filter = { said: searchTermsOf('braces') };
    const first = await sessions.list(tenantId, 'sandbox', filter, { limit: 1 });
    const cursor = first.nextCursor ?? '';
    const second = await sessions.list(tenantId, 'sandbox', filter, { limit: 1, cursor });
    expect([...first.rows, ...second.rows].map(({ facts }) => facts.userId)).toEqual([
      'caller-1',
      'caller-2',
    ]);
    expect(second.nextCursor).toBeNull();
    for (const [tenant, environment] of [
      [scene().tenant(), 'sandbox'],
      [tenantId, 'production'],
    ] as const)
      expect((await sessions.list(tenant, environment, filter, { limit: 9 })).rows).toEqual([]);
    const ids = [...first.rows, ...second.rows].map(({ sessionId }) => sessionId);
    const hits = await sessions.hits(tenantId, 'sandbox', ids, searchTermsOf('braces perez'));
    expect(ids.map((id) => hits.get(id))).toMatchObject([
      [
        { traceId: 'a', part: 'output', text: 'Sí, señora Pérez.', marks: [[11, 16]] },
        { traceId: 'b', part: 'input', text: 'The braces hurt' },
      ],
      [{ traceId: 'c', part: 'input' }],
    ]);
    expect(await sessions.hits(tenantId, 'production', ids, searchTermsOf('braces'))).toEqual(new Map());
  });

  it('are found however far back something rare was said', async () => {
    const { put, said, tenantId } = home();
    const many = Array.from({ length: 510 }, (_, index) => index);
    await put({
      traces: many.map((index) =>
        trace(`t${index}`, index, {
          userId: `caller-${index}`,
          ...speech(index === 0 ? 'a rare word' : 'a word', index % 2 === 0 ? 'even' : 'odd'),
        }),
      ),
    });
    expect(await said('rare')).toEqual(['caller-0']);
    expect(await said('rare odd')).toEqual([]);
    expect(await said('rare', { withErrors: true })).toEqual([]);
    const common = await said('odd wor*');
    expect([common.length, common[0], common[49]]).toEqual([50, 'caller-509', 'caller-411']);
    // The page after the last common one is reached by the cursor as well.
    const { sessions } = scene().store;
    let cursor: string | undefined;
    let rows = 0;
    do {
      const page = await sessions.list(
        tenantId,
        'sandbox',
        { said: searchTermsOf('odd') },
        { limit: 100, cursor },
      );
      rows += page.rows.length;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(rows).toBe(255);
  });

  it('are found by what their turns say now, in the session in which they are now', async () => {
    const { put, turn, said, list, owner, digest, tenantId } = home();
    const { importedTraces, sessions } = scene().store;
    await put(turn('a', 0, speech('first', '')));
    await put(turn('c', 50, speech('third', '')));
    expect(await said('first third')).toEqual([]);
    // The turn between joins both.
    await put(turn('b', 25, speech('second', '')));
    expect(await said('first third')).toEqual(['caller-1']);
    await put(turn('c', 50, { ...speech('corrected', ''), serverUpdatedAtMs: 2 }));
    expect([await said('third'), await said('corrected')]).toEqual([[], ['caller-1']]);
    await importedTraces.markDeleted(owner, 'b');
    await digest();
    expect([await said('second'), await said('first corrected'), (await list()).length]).toEqual([[], [], 2]);
    const [later] = await list();
    expect([
      ...(
        await sessions.hits(tenantId, 'sandbox', [later?.sessionId ?? ''], searchTermsOf('corrected'))
      ).values(),
    ]).toMatchObject([[{ traceId: 'c' }]]);
  });

  it('that were formed before there was a search are found after the next import', async () => {
    const { put, turn, said, digest } = home();
    await put(turn('a', 0, speech('long ago', '')));
    const { database } = scene();
    for (const table of database.dialect === 'sqlite'
      ? ['transcript_turns', 'transcript_words']
      : ['transcript_turns'])
      await database.kysely.schema.dropTable(table).execute();
    await database.kysely
      .deleteFrom('schema_migrations' as never)
      .where('name' as never, '=', '0012-transcript-search' as never)
      .execute();
    expect(await migrate(database)).toEqual(['0012-transcript-search']);
    expect(await said('long ago')).toEqual([]);
    await digest();
    expect(await said('long ago')).toEqual(['caller-1']);
  });
});
