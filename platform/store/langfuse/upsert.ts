import { CompiledQuery, type DialectAdapter, type Transaction } from 'kysely';
import type { Versioned } from '../../../domain/langfuse/merge-rows.js';
import type { ReadApi } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';

/** Rows of one statement. A prepared one keeps 3 KB for each row of an observation, so that larger ones cost memory and win nothing. */
const mostRows = 128;

/** Portions for one statement each. Their sizes are few, so that their texts are few and stay prepared. */
export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  let size = mostRows;
  for (let start = 0; start < items.length; start += size) {
    while (size > items.length - start) size /= 2;
    yield items.slice(start, start + size);
  }
}

/** A row without what was said, which is kept apart. */
export function withoutBody<Row extends object>(
  row: Row & { readonly body?: unknown },
  api: ReadApi,
): Versioned<Omit<Row, 'body'>> {
  const { body, ...rest } = row;
  return body === undefined ? { ...rest, api } : { ...rest, api };
}

const traceKey = ['tenant_id', 'environment', 'trace_id'] as const;
const keys = {
  imported_traces: traceKey,
  imported_observations: [...traceKey, 'observation_id'],
  imported_bodies: [...traceKey, 'observation_id'],
  import_seen: ['tenant_id', 'config_id', 'window_id', 'trace_id', 'observation_id'],
  changed_traces: traceKey,
  trace_facts: traceKey,
  sessions: ['tenant_id', 'environment', 'session_id'],
} as const satisfies Partial<Record<keyof Schema, readonly string[]>>;
type Upserted = keyof typeof keys;

/** Writes whole rows, in few statements, and returns how many were written; the time of the first writing stays. */
export async function upsert<Table extends Upserted>(
  trx: Transaction<Schema>,
  table: Table,
  rows: readonly Schema[Table][],
): Promise<number> {
  const columns = Object.keys(rows[0] ?? {}) as (keyof Schema[Table] & string)[];
  let written = 0;
  for (const some of chunks(rows)) {
    const values = some.flatMap((row) => columns.map((column) => row[column]));
    const statement = CompiledQuery.raw(textOf(trx, table, columns, some), values);
    written += Number((await trx.executeQuery(statement)).numAffectedRows ?? 0n);
  }
  return written;
}

/** Kysely makes an object of each value of a statement, which takes as long as writing them: it does so once for each text. */
const texts = new WeakMap<DialectAdapter, Map<string, string>>();

function textOf(
  trx: Transaction<Schema>,
  table: Upserted,
  columns: readonly string[],
  rows: readonly object[],
): string {
  const { adapter } = trx.getExecutor();
  const known = texts.get(adapter) ?? new Map<string, string>();
  texts.set(adapter, known);
  const shape = [table, rows.length, ...columns].join(' ');
  const text = known.get(shape) ?? upsertOf(trx, table, columns, rows);
  known.set(shape, text);
  return text;
}

function upsertOf(
  trx: Transaction<Schema>,
  table: Upserted,
  columns: readonly string[],
  rows: readonly object[],
): string {
  const kept = new Set<string>([...keys[table], 'created_at_ms']);
  const changing = columns.filter((column) => !kept.has(column));
  return trx
    .insertInto(table)
    .values(rows as never)
    .onConflict((conflict) =>
      changing.length === 0
        ? conflict.doNothing()
        : conflict
            .columns(keys[table])
            .doUpdateSet((update) =>
              Object.fromEntries(
                changing.map((column) => [column, update.ref(`excluded.${column}` as never)]),
              ),
            ),
    )
    .compile().sql;
}
