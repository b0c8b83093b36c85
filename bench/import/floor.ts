import BetterSqlite3 from 'better-sqlite3';
import { inventedRange, observationsPerTrace } from './invented-traces.js';

/** A server and whose rows are read. */
export interface FloorSource {
  readonly url: string;
  readonly authorization: string;
  readonly nowMs: number;
  readonly observations: number;
}

const columns = [
  'traceId',
  'id',
  'type',
  'name',
  'level',
  'startTime',
  'endTime',
  'completionStartTime',
  'model',
  'usageDetails',
  'costDetails',
  'totalCost',
  'input',
  'output',
  'metadata',
] as const;
const fields = 'core,basic,time,model,usage,prompt,metrics,trace_context,io,metadata';

/**
 * The least that an import can do with the same pages: fetch, JSON.parse, and one prepared insert of many rows in a transaction of its
 * own, as durable as the product's store. Keeps no place, compares nothing, proves nothing. Returns rows a second.
 */
export async function readAtTheFloor(
  api: 'v1' | 'v2',
  source: FloorSource,
  databasePath: string,
): Promise<number> {
  const file = new BetterSqlite3(databasePath);
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.exec(`create table rows (${columns.join(', ')}, primary key (traceId, id))`);
  const statements = new Map<number, BetterSqlite3.Statement>();
  const insert = (rows: readonly Readonly<Record<string, unknown>>[]): void => {
    if (rows.length === 0) return;
    let statement = statements.get(rows.length);
    if (!statement) {
      const places = rows.map(() => `(${columns.map(() => '?').join(', ')})`).join(', ');
      statement = file.prepare(`insert or replace into rows values ${places}`);
      statements.set(rows.length, statement);
    }
    statement.run(rows.flatMap((row) => columns.map((column) => storable(row[column]))));
  };
  const pages = api === 'v2' ? v2Pages(source) : v1Pages(source);
  const startedAt = performance.now();
  let count = 0;
  for await (const rows of pages) {
    insert(rows);
    count += rows.length;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  file.close();
  if (count < source.observations) throw new Error(`The floor read ${count} rows of ${source.observations}.`);
  return count / seconds;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

const storable = (value: unknown): unknown =>
  value === null || value === undefined || typeof value === 'string' || typeof value === 'number'
    ? (value ?? null)
    : JSON.stringify(value);

async function read(source: FloorSource, path: string): Promise<{ data: Rows; meta: { cursor?: string } }> {
  const response = await fetch(`${source.url}/api/public${path}`, {
    headers: { authorization: source.authorization },
  });
  return JSON.parse(await response.text()) as { data: Rows; meta: { cursor?: string } };
}

async function* v2Pages(source: FloorSource): AsyncGenerator<Rows> {
  let cursor = '';
  for (;;) {
    const { data, meta } = await read(source, `/v2/observations?limit=1000&fields=${fields}${cursor}`);
    yield data;
    if (meta.cursor === undefined) return;
    cursor = `&cursor=${encodeURIComponent(meta.cursor)}`;
  }
}

/** Traces page by page, observations in slices that fit a page: the rows are spread evenly. */
async function* v1Pages(source: FloorSource): AsyncGenerator<Rows> {
  const { fromMs, toMs } = inventedRange(source.nowMs);
  const traces = source.observations / observationsPerTrace;
  const iso = (ms: number): string => new Date(ms).toISOString();
  for (let page = 1; (page - 1) * 100 < traces; page += 1) {
    const { data } = await read(
      source,
      `/traces?page=${page}&limit=100&orderBy=id.asc&fields=core,io&fromTimestamp=${iso(fromMs)}`,
    );
    yield data.map((row) => ({ ...row, traceId: row['id'], id: '' }));
  }
  const slices = Math.ceil(source.observations / 80);
  const lengthMs = (toMs + 10_000 - fromMs) / slices;
  for (let slice = 0; slice < slices; slice += 1) {
    const [from, to] = [fromMs + Math.floor(slice * lengthMs), fromMs + Math.floor((slice + 1) * lengthMs)];
    const { data } = await read(
      source,
      `/observations?limit=100&fromStartTime=${iso(from)}&toStartTime=${iso(to)}`,
    );
    yield data;
  }
}
