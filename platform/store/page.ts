import { sql, type Expression, type SqlBool } from 'kysely';

/** One page of a list, newest first. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Opaque; null at the end. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Position after a row: its time and id, so that rows added meanwhile shift nothing. */
interface Position {
  readonly atMs: number;
  readonly id: string;
}

const encodeCursor = ({ atMs, id }: Position): string => Buffer.from(`${atMs}.${id}`).toString('base64url');

/** Null for a text that is not one of our cursors: the caller begins at the top. */
export function decodeCursor(cursor: string | undefined): Position | null {
  const match = /^(\d+)\.(.+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString());
  return match?.[1] && match[2] ? { atMs: Number(match[1]), id: match[2] } : null;
}

/** Rows behind a position, where the newest come first and the id decides between rows of one moment. Columns as SQL names them. */
export const behind = ({ atMs, id }: Position, timeColumn: string, idColumn: string): Expression<SqlBool> => {
  const [time, ref] = [sql.ref(timeColumn), sql.ref(idColumn)];
  return sql<SqlBool>`(${time} < ${atMs} or (${time} = ${atMs} and ${ref} < ${id}))`;
};

/** Cuts one row more than asked for into a page. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => Position,
): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last ? encodeCursor(position(last)) : null };
}
