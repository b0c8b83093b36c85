import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { ReadRows } from '../../domain/langfuse/rows.js';
import { sessionRuleOf } from '../../domain/sessions/session-group.js';
import { systemClock } from '../../platform/clock.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { percentiles, timed, type Percentiles } from '../percentiles.js';

const tenantId = 'bright-smiles';
const environment = 'sandbox';
const dayMs = 24 * 60 * 60_000;
/** The newest day, which goes through the product's own store and digest. */
const newestDayMs = Date.UTC(2030, 2, 4);
const tracesADay = 4_000;
const rounds = 100;
/** A scan of all rows takes seconds. */
const scans = 3;

/**
 * What operators' pages cost with many traces in the store, beside the same question in raw SQL on the same file. One day of traces is
 * saved and digested by the product; all other days are copies of it, made in SQL with other ids and times, in every table that these
 * pages read.
 */
export async function readMillions(traces: number, report: (line: string) => void): Promise<object> {
  const folder = await mkdtemp(path.join(tmpdir(), 'chairside-bench-'));
  const databasePath = path.join(folder, 'store.db');
  const database = await openDatabase({ databasePath, databaseUrl: null });
  const file = new BetterSqlite3(databasePath);
  try {
    await migrate(database);
    const store = createStore(database, systemClock);
    await saveOneDay(store, Math.min(tracesADay, traces));
    const days = Math.max(1, Math.round(traces / tracesADay));
    file.pragma('synchronous = OFF');
    for (let back = 1; back < days; back += 1) copyDay(file, back);
    file.exec('analyze');
    const count = (table: string): number =>
      (file.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
    const sizes = { traces: count('imported_traces'), sessions: count('sessions'), days };
    report(`${sizes.traces} traces in ${sizes.sessions} sessions of ${days} days are there`);
    const figures = await measure(store, file, days);
    return { ...sizes, ...figures };
  } finally {
    file.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store, file: BetterSqlite3.Database, days: number): Promise<object> {
  const dayOf = (back: number): string => new Date(newestDayMs - back * dayMs).toISOString().slice(0, 10);
  const range = { fromDay: dayOf(days - 1), toDay: dayOf(0) };
  const middleMs = newestDayMs - Math.floor(days / 2) * dayMs;
  const list = (filter: object) => () => store.sessions.list(tenantId, environment, filter, { limit: 50 });
  const newest = file.prepare(
    `select * from sessions where tenant_id = ? and environment = ? order by last_at_ms desc, session_id desc limit 51`,
  );
  const tallies = (by: 'day' | 'item', view: 'trace' | 'model' = 'trace') =>
    store.insights.tallies(tenantId, environment, view, by, range);
  const byDay = file.prepare(
    `select day, sum(counted), sum(cost_pico_usd) from daily_counts
     where tenant_id = ? and environment = ? and view = 'trace' and day between ? and ? group by day order by day`,
  );
  const allRows = file.prepare(
    `select date(started_at_ms / 1000, 'unixepoch') as day, count(distinct trace_id) as traces, sum(cost_pico_usd) as cost
     from imported_observations where tenant_id = ? and environment = ? and deleted_at_ms is null and synthetic = 0
     group by day order by day`,
  );
  const scanned = allRows.all(tenantId, environment) as { day: string; traces: number; cost: number }[];
  const rolledUp = await tallies('day');
  const same =
    scanned.length === rolledUp.length &&
    rolledUp.every(
      ({ key, tally }, index) =>
        key === scanned[index]?.day &&
        tally.count === scanned[index].traces &&
        tally.costPicoUsd === BigInt(scanned[index].cost),
    );
  if (!same) throw new Error('The roll-up is not what the rows say.');
  return {
    sessionList: await often(rounds, list({})),
    sessionListRawSql: await often(rounds, async () => newest.all(tenantId, environment)),
    sessionListOfOutcome: await often(rounds, list({ outcome: 'booked', toMs: middleMs })),
    costByDay: await often(rounds, () => tallies('day')),
    costByModel: await often(rounds, () => tallies('item', 'model')),
    costByDayRawSql: await often(rounds, async () =>
      byDay.all(tenantId, environment, range.fromDay, range.toDay),
    ),
    costByDayOverRows: await often(scans, async () => allRows.all(tenantId, environment)),
  };
}

async function often(times: number, work: () => Promise<unknown>): Promise<Percentiles> {
  const tookMs: number[] = [];
  await work();
  for (let round = 0; round < times; round += 1) tookMs.push(await timed(work));
  return percentiles(tookMs);
}

/** Sessions of four turns, one after another over the day; each turn is a generation and a tool. */
async function saveOneDay(store: Store, count: number): Promise<void> {
  const owner = { tenantId, environment, configId: 'bench', api: 'v1' } as const;
  const portion = 1_000;
  for (let start = 0; start < count; start += portion)
    await store.importedTraces.save(owner, turns(start, Math.min(count, start + portion), count));
  const rule = sessionRuleOf(undefined);
  while ((await store.sessions.digest(tenantId, environment, rule)) > 0);
}

function turns(from: number, to: number, all: number): ReadRows {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  // A turn must not reach into the next day.
  const startOf = (index: number): number => newestDayMs + Math.floor((index * (dayMs - 60_000)) / all);
  const dated = { serverCreatedAtMs: 1, serverUpdatedAtMs: 1, environment: 'production', version: null };
  return {
    unreadable: [],
    traces: indexes.map((index) => ({
      ...dated,
      traceId: `turn-${index}`,
      startedAtMs: startOf(index),
      startSource: 'trace',
      name: 'turn',
      sessionId: `session-${Math.floor(index / 4)}`,
      userId: `caller-${Math.floor(index / 12)}`,
      tags: index % 8 === 0 ? '["outcome:booked"]' : null,
      release: `agent-${index % 2}`,
      body: null,
    })),
    observations: indexes.flatMap((index) => {
      const startedAtMs = startOf(index);
      const shared = {
        ...dated,
        traceId: `turn-${index}`,
        level: 'DEFAULT',
        statusMessage: null,
        parentId: null,
        promptName: null,
        promptVersion: null,
        modelParameters: null,
        costs: null,
        synthetic: false,
        body: null,
        startedAtMs,
      };
      return [
        {
          ...shared,
          observationId: `turn-${index}-reply`,
          type: 'GENERATION',
          name: 'reply',
          endedAtMs: startedAtMs + 1_000 + ((index * 37) % 3_000),
          completionStartedAtMs: startedAtMs + 300 + ((index * 13) % 500),
          model: index % 3 === 0 ? 'gpt-4o-mini' : 'gpt-4o',
          usage: '{"input":900,"output":60,"total":960}',
          inputTokens: 900,
          outputTokens: 60,
          totalTokens: 960,
          costPicoUsd: 2_850_000_000,
        },
        {
          ...shared,
          observationId: `turn-${index}-tool`,
          type: 'TOOL',
          name: 'find_slots',
          level: index % 40 === 0 ? 'ERROR' : 'DEFAULT',
          endedAtMs: startedAtMs + 200 + ((index * 7) % 300),
          completionStartedAtMs: null,
          model: null,
          usage: null,
          inputTokens: null,
          outputTokens: null,
          totalTokens: null,
          costPicoUsd: null,
        },
      ];
    }),
  };
}

/** The newest day once more, `back` days earlier, in all tables that hold it. */
function copyDay(file: BetterSqlite3.Database, back: number): void {
  const shiftMs = back * dayMs;
  const id = (column: string): string => `${column} || '.${back}'`;
  const earlier = (column: string): string => `${column} - ${shiftMs}`;
  const moved = (...keys: readonly string[]): string =>
    `json_set(facts_json, ${keys.map((key) => `'$.${key}', facts_json ->> '$.${key}' - ${shiftMs}`).join(', ')})`;
  const trace = { trace_id: id('trace_id'), started_at_ms: earlier('started_at_ms') };
  const changes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    imported_traces: { ...trace, session_id: id('session_id') },
    imported_observations: { ...trace, ended_at_ms: earlier('ended_at_ms') },
    trace_facts: {
      ...trace,
      session_id: id('session_id'),
      group_key: id('group_key'),
      ended_at_ms: earlier('ended_at_ms'),
      facts_json: moved('startedAtMs', 'endedAtMs'),
    },
    sessions: {
      session_id: id('session_id'),
      group_key: id('group_key'),
      first_at_ms: earlier('first_at_ms'),
      last_at_ms: earlier('last_at_ms'),
      facts_json: moved('firstAtMs', 'lastAtMs'),
    },
    daily_counts: { day: `date(day, '-${back} days')` },
  };
  file.transaction(() => {
    for (const [table, change] of Object.entries(changes)) {
      // What is copied lies apart, so that no scan grows with the copies.
      file.exec(`create temp table if not exists newest_${table} as select * from ${table}`);
      const columns = (file.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
      const values = columns.map((column) => change[column] ?? column);
      file.exec(
        `insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from newest_${table}`,
      );
    }
  })();
}
