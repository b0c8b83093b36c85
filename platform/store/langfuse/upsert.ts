import type { Transaction } from 'kysely';
import type { Versioned } from '../../../domain/langfuse/merge-rows.js';
import type { ReadApi } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';

/** Rows of one statement; a row has up to 31 columns, and SQLite takes 32,766 parameters. */
const chunkRows = 500;

export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += chunkRows) yield items.slice(start, start + chunkRows);
}

/** A row without what was said, which is kept apart. */
export function withoutBody<Row extends object>(
  row: Row & { readonly body?: unknown },
  api: ReadApi,
): Versioned<Omit<Row, 'body'>> {
  const { body, ...rest } = row;
  return body === undefined ? { ...rest, api } : { ...rest, api };
}

type Imported = 'imported_traces' | 'imported_observations' | 'imported_bodies';

const traceKey = ['tenant_id', 'environment', 'trace_id'] as const;
const keys = {
  imported_traces: traceKey,
  imported_observations: [...traceKey, 'observation_id'],
  imported_bodies: [...traceKey, 'observation_id'],
} as const satisfies Record<Imported, readonly string[]>;

/** Writes whole rows, in few statements; the time of the first writing stays. */
export async function upsert<Table extends Imported>(
  trx: Transaction<Schema>,
  table: Table,
  rows: readonly Schema[Table][],
): Promise<void> {
  const kept = new Set<string>([...keys[table], 'created_at_ms']);
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !kept.has(column));
  for (const some of chunks(rows)) {
    await trx
      .insertInto(table)
      .values(some as never)
      .onConflict((conflict) =>
        conflict
          .columns(keys[table] as never)
          .doUpdateSet(
            (update) =>
              Object.fromEntries(
                columns.map((column) => [column, update.ref(`excluded.${column}` as never)]),
              ) as never,
          ),
      )
      .execute();
  }
}
