import type { ReadRows } from '../../domain/langfuse/rows.js';
import { nextV2Limit, type WalkV2 } from '../../domain/langfuse/walk.js';
import { listOf, type LangfuseClient } from './client.js';
import { LangfuseError } from './errors.js';
import { readEach } from './fields.js';
import { rowOfV2, tracesOfV2 } from './map-v2.js';
import { iso, readTotals, type TraceReader } from './reader.js';

/** `io` and `metadata` only together: alone, metadata is cut at 200 characters (langfuse.md 4). */
const bare = 'core,basic,time,model,usage,prompt,metrics,trace_context';
const whole = `${bare},io,metadata`;
/** A page of one trace, or of one session. */
const rowsOfOne = 100;

/** The events API: one descending walk by cursor, whose end is the absence of a cursor and nothing else (langfuse.md 4). */
export function createV2Reader(client: LangfuseClient): TraceReader {
  const rowsFrom = (rows: readonly unknown[]): ReadRows => {
    const read = readEach('observation', rows, rowOfV2);
    return {
      traces: tracesOfV2(read.rows),
      observations: read.rows.map(({ observation }) => observation),
      unreadable: read.unreadable,
    };
  };

  const cursorOf = (meta: Readonly<Record<string, unknown>>, before: string | null): string | null => {
    const { cursor } = meta;
    if (cursor === undefined || cursor === null) return null;
    if (typeof cursor !== 'string')
      throw new LangfuseError('v2/observations', { kind: 'malformed', why: 'the cursor is no text' });
    if (cursor === before)
      throw new LangfuseError('v2/observations', { kind: 'protocol', why: 'the cursor repeats' });
    return cursor;
  };

  async function all(by: { traceId: string } | { sessionId: string }, fields: string): Promise<unknown[]> {
    const found: unknown[] = [];
    let cursor: string | null = null;
    do {
      const answer = await client.observationsV2({
        ...by,
        fields,
        limit: rowsOfOne,
        ...(cursor === null ? {} : { cursor }),
      });
      const { rows, meta } = listOf('v2/observations', answer);
      found.push(...rows);
      cursor = cursorOf(meta, cursor);
    } while (cursor !== null);
    return found;
  }

  return {
    api: 'v2',

    step: async ({ walk, fromMs, toMs, withBodies }) => {
      if (walk.api !== 'v2')
        throw new LangfuseError('v2/observations', { kind: 'protocol', why: 'a walk of v1' });
      const answer = await client.observationsV2({
        limit: walk.limit,
        fields: withBodies ? whole : bare,
        fromStartTime: iso(fromMs),
        toStartTime: iso(toMs),
        ...(walk.cursor === null ? {} : { cursor: walk.cursor }),
      });
      const { rows, meta } = listOf('v2/observations', answer);
      const cursor = cursorOf(meta, walk.cursor);
      const next: WalkV2 = {
        ...walk,
        pages: walk.pages + 1,
        cursor,
        phase: cursor === null ? 'done' : 'observations',
        limit: nextV2Limit(walk.limit, rows.length, answer.bytes),
      };
      return { kind: 'page', rows: rowsFrom(rows), walk: next, bytes: answer.bytes, withBodies };
    },

    smaller: (walk) =>
      walk.api === 'v2' && walk.limit > 1 ? { ...walk, limit: Math.floor(walk.limit / 2) } : null,

    trace: async (traceId) => {
      const rows = await all({ traceId }, whole);
      return rows.length === 0 ? null : rowsFrom(rows);
    },

    sessionTraces: async (sessionId) => {
      const rows = await all({ sessionId }, bare);
      const read = readEach('observation', rows, rowOfV2);
      return [...new Set(read.rows.map(({ observation }) => observation.traceId))];
    },

    totals: (range) => readTotals(client, 'v2', range),
  };
}
