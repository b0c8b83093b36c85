import type { Range } from './lanes.js';

/** A part of a window whose observations fit one page; `type` and `level` split what happened in one millisecond. */
export interface Slice extends Range {
  readonly type?: string;
  readonly level?: string;
}

/** Where the walk over a window stands on v1: first its traces by id, then its observations slice by slice. */
export interface WalkV1 {
  readonly api: 'v1';
  /** Pages saved; a walk that was saved by somebody else meanwhile is noticed by it. */
  readonly pages: number;
  readonly phase: 'traces' | 'observations' | 'done';
  /** Rows of the trace list that are behind us; always a multiple of `limit`. */
  readonly offset: number;
  readonly limit: number;
  /** The next page is read without bodies: one of its rows is too large. */
  readonly bare: boolean;
  readonly namedTraces: { readonly first: number; readonly last: number } | null;
  readonly namedObservations: number;
  readonly slices: readonly Slice[];
  readonly sliceLimit: number;
}

/** On v2: one descending walk over observations. */
export interface WalkV2 {
  readonly api: 'v2';
  readonly pages: number;
  readonly phase: 'observations' | 'done';
  readonly cursor: string | null;
  readonly limit: number;
}

export type Walk = WalkV1 | WalkV2;

/** Page sizes of which each divides the one before, so that an offset stays a whole number of pages. */
const pageSizes = [100, 50, 25, 5, 1] as const;
const mostV1Rows = pageSizes[0];

export const smallerPage = (limit: number): number => pageSizes.find((size) => size < limit) ?? 1;

export function largerPage(limit: number, offset: number): number {
  const larger = pageSizes.filter((size) => size > limit && offset % size === 0).at(-1);
  return larger ?? limit;
}

/** v2 takes up to 1000; the first page of a lane is small because nobody knows the size of a row yet. */
const firstV2Rows = 200;
const mostV2Rows = 1_000;

/** Cloud cuts answers at 5 MB (langfuse.md 7); the next page may have larger rows than this one. */
export const wantedBytes = 2_500_000;

/** The page size that would have given about the wanted bytes, grown slowly. */
export function nextV2Limit(limit: number, rows: number, bytes: number): number {
  if (rows === 0) return limit;
  const fitting = Math.floor(wantedBytes / (bytes / rows));
  return Math.max(1, Math.min(mostV2Rows, limit * 2, fitting));
}

/**
 * A fresh walk. `attempt` varies the page size: v2 loses a copy of a row astride a page break, and another size breaks elsewhere
 * (langfuse.md 4). `before`: the last walk of the same lane, whose rows were about as large.
 */
export function beginWalk(
  api: 'v1' | 'v2',
  { fromMs, toMs }: Range,
  attempt: number,
  before: Walk | null = null,
): Walk {
  if (api === 'v2') {
    const fitting = before?.api === api ? before.limit : firstV2Rows;
    return { api, pages: 0, phase: 'observations', cursor: null, limit: attempt > 1 ? 137 : fitting };
  }
  return {
    api,
    pages: 0,
    phase: 'traces',
    offset: 0,
    limit: attempt > 1 ? 50 : mostV1Rows,
    bare: false,
    namedTraces: null,
    namedObservations: 0,
    slices: [{ fromMs, toMs }],
    sliceLimit: mostV1Rows,
  };
}

const types = [
  'GENERATION',
  'SPAN',
  'EVENT',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EVALUATOR',
  'EMBEDDING',
  'GUARDRAIL',
];
const levels = ['DEFAULT', 'DEBUG', 'WARNING', 'ERROR'];
const mostParts = 32;

/**
 * A slice cut so that each part should fit a page, in time order; by type and then by level where time cannot be cut any more. Null when
 * nothing is left to cut by.
 */
export function cutSlice(slice: Slice, total: number, limit: number): readonly Slice[] | null {
  const { fromMs, toMs } = slice;
  const lengthMs = toMs - fromMs;
  if (lengthMs > 1) {
    const parts = Math.min(lengthMs, mostParts, Math.max(2, Math.ceil(total / (limit * 0.7))));
    const edge = (index: number): number => fromMs + Math.floor((lengthMs * index) / parts);
    return Array.from({ length: parts }, (_, index) => ({
      ...slice,
      fromMs: edge(index),
      toMs: edge(index + 1),
    }));
  }
  if (slice.type === undefined) return types.map((type) => ({ ...slice, type }));
  if (slice.level === undefined) return levels.map((level) => ({ ...slice, level }));
  return null;
}
