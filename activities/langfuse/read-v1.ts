import {
  cutSlice,
  largerPage,
  smallerPage,
  wantedBytes,
  type Slice,
  type Walk,
  type WalkV1,
} from '../../domain/langfuse/walk.js';
import type { ReadRows } from '../../domain/langfuse/rows.js';
import { listOf, type Answer, type LangfuseClient } from './client.js';
import { LangfuseError } from './errors.js';
import { readEach, type Fields } from './fields.js';
import { observationOfV1, traceOfV1 } from './map-v1.js';
import { iso, readTotals, totalItems, type ReadOrder, type Step, type TraceReader } from './reader.js';

/** A window is to fit about twenty pages (langfuse.md 10, "v1 walk"). */
const mostTraces = 2_000;

/** Sizes without a common divisor, so that no two walks break at the same rows. */
const densePageSizes = [100, 97, 89, 83, 79, 73, 71, 67, 61, 59, 53, 47] as const;

const nothing: ReadRows = { traces: [], observations: [], unreadable: [] };

/** The deprecated API: traces by id, the only order that loses nothing, and observations in slices of one page each (langfuse.md 3). */
export function createV1Reader(client: LangfuseClient): TraceReader {
  async function traces({ fromMs, toMs, withBodies, mayNarrow }: ReadOrder, walk: WalkV1): Promise<Step> {
    const { offset, limit } = walk;
    const bodies = withBodies && !walk.bare;
    const answer = await client.traces({
      page: offset / limit + 1,
      limit,
      fromTimestamp: iso(fromMs),
      toTimestamp: iso(toMs),
      fields: bodies ? 'core,io' : 'core',
      orderBy: 'id.asc',
    });
    const { rows, meta } = listOf('traces', answer);
    const total = totalItems('traces', meta);
    if (mayNarrow && offset === 0 && total > mostTraces)
      return { kind: 'tooMany', fraction: (mostTraces / total) * 0.8 };
    const read = readEach('trace', rows, traceOfV1);
    const behind = offset + limit;
    const ended = rows.length < limit || behind >= total;
    const next: WalkV1 = {
      ...walk,
      pages: walk.pages + 1,
      phase: ended ? 'observations' : 'traces',
      offset: behind,
      bare: false,
      limit: answer.bytes > wantedBytes ? smallerPage(limit) : largerPage(limit, behind),
      namedTraces: { first: walk.namedTraces?.first ?? total, last: total },
    };
    return {
      kind: 'page',
      rows: { traces: read.rows, observations: [], unreadable: read.unreadable },
      walk: next,
      bytes: answer.bytes,
      withBodies: bodies,
    };
  }

  const observationsOf = (slice: Slice, page: number, limit: number): Promise<Answer> =>
    client.observations({
      page,
      limit,
      fromStartTime: iso(slice.fromMs),
      toStartTime: iso(slice.toMs),
      ...(slice.type === undefined ? {} : { type: slice.type }),
      ...(slice.level === undefined ? {} : { level: slice.level }),
    });

  /**
   * More rows of one millisecond, type and level than fit a page. Pages of ties lose rows, other rows with each page size (langfuse.md 3), so
   * walks of several sizes are laid over one another until all are there; if they never are, the proof says so.
   */
  async function denseRows(
    slice: Slice,
    first: readonly unknown[],
    total: number,
  ): Promise<readonly unknown[]> {
    const keyOf = (row: unknown): string => {
      const { traceId, id } = row as Fields;
      return JSON.stringify([traceId, id]);
    };
    const known = new Set(first.map(keyOf));
    const more = new Map<string, unknown>();
    for (const limit of densePageSizes) {
      for (let page = 1; (page - 1) * limit < total; page += 1) {
        for (const row of listOf('observations', await observationsOf(slice, page, limit)).rows) {
          const key = keyOf(row);
          if (!known.has(key)) more.set(key, row);
        }
        if (known.size + more.size >= total) return [...more.values()];
      }
    }
    return [...more.values()];
  }

  async function observations(walk: WalkV1): Promise<Step> {
    const [slice, ...rest] = walk.slices;
    const pages = walk.pages + 1;
    if (!slice)
      return {
        kind: 'page',
        rows: nothing,
        walk: { ...walk, pages, phase: 'done' },
        bytes: 0,
        withBodies: true,
      };
    const limit = walk.sliceLimit;
    const answer = await observationsOf(slice, 1, limit);
    const { rows, meta } = listOf('observations', answer);
    const total = totalItems('observations', meta);
    const found = [...rows];
    // A page that is not full is all there is, whatever the total says: that is the proof's affair.
    if (rows.length >= limit && total > rows.length) {
      // The list has no unique order, so only what fits one page is safe (langfuse.md 3).
      const parts = cutSlice(slice, total, limit);
      if (parts) {
        return {
          kind: 'page',
          rows: nothing,
          walk: { ...walk, pages, slices: [...parts, ...rest] },
          bytes: answer.bytes,
          withBodies: true,
        };
      }
      found.push(...(await denseRows(slice, rows, total)));
    }
    const read = readEach('observation', found, observationOfV1);
    return {
      kind: 'page',
      rows: { traces: [], observations: read.rows, unreadable: read.unreadable },
      walk: {
        ...walk,
        pages,
        slices: rest,
        phase: rest.length === 0 ? 'done' : 'observations',
        sliceLimit: answer.bytes > wantedBytes ? smallerPage(limit) : largerPage(limit, 0),
        namedObservations: walk.namedObservations + total,
      },
      bytes: answer.bytes,
      withBodies: true,
    };
  }

  return {
    api: 'v1',

    step: async (order) => {
      const { walk } = order;
      if (walk.api !== 'v1') throw new LangfuseError('traces', { kind: 'protocol', why: 'a walk of v2' });
      return walk.phase === 'traces' ? traces(order, walk) : observations(walk);
    },

    smaller: (walk) => (walk.api === 'v1' ? smallerWalk(walk) : null),

    trace: async (traceId) => {
      let answer: Answer;
      try {
        answer = await client.trace(traceId);
      } catch (error) {
        if (error instanceof LangfuseError && error.fault.kind === 'notFound') return null;
        throw error;
      }
      const trace = readEach('trace', [answer.body], traceOfV1);
      const inner: unknown = answer.body['observations'];
      const found = readEach('observation', Array.isArray(inner) ? inner : [], observationOfV1);
      return {
        traces: trace.rows,
        observations: found.rows,
        unreadable: [...trace.unreadable, ...found.unreadable],
      };
    },

    sessionTraces: async (sessionId) => {
      const { traces: found } = (await client.session(sessionId)).body;
      if (!Array.isArray(found))
        throw new LangfuseError('sessions/{id}', { kind: 'malformed', why: 'no traces' });
      return found.flatMap((row) => {
        const id = (row as Fields | null)?.['id'];
        return typeof id === 'string' ? [id] : [];
      });
    },

    totals: (range) => readTotals(client, 'v1', range),
  };
}

function smallerWalk(walk: WalkV1): Walk | null {
  if (walk.phase === 'traces') {
    if (walk.limit > 1) return { ...walk, limit: smallerPage(walk.limit) };
    // One trace whose body is too large: it is taken without.
    return walk.bare ? null : { ...walk, bare: true };
  }
  return walk.sliceLimit > 1 ? { ...walk, sliceLimit: smallerPage(walk.sliceLimit) } : null;
}
