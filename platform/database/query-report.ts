import type { LogEvent } from 'kysely';
import type { DatabaseOptions } from './database.js';

/** Passes an executed statement on, without its parameters. */
export function reportQueries(event: LogEvent, onQuery: DatabaseOptions['onQuery']): void {
  onQuery?.({
    sql: event.query.sql,
    durationMs: Math.round(event.queryDurationMillis * 100) / 100,
    failed: event.level === 'error',
  });
}
