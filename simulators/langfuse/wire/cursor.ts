import { z } from 'zod';
import { xxhash32 } from '../xxhash32.js';

const shape = z.object({ lastStartTimeTo: z.iso.datetime(), lastTraceId: z.string(), lastId: z.string() });

/** Where a page of `GET /v2/observations` ended: base64 of three fields, opaque to clients. */
export const cursorText = (last: {
  readonly startTime: string;
  readonly traceId: string;
  readonly id: string;
}): string =>
  Buffer.from(
    JSON.stringify({ lastStartTimeTo: last.startTime, lastTraceId: last.traceId, lastId: last.id }),
  ).toString('base64');

/** The position that a cursor names; null when it is none of ours. */
export function readCursor(text: string): { startMs: number; traceHash: number; id: string } | null {
  try {
    const { lastStartTimeTo, lastTraceId, lastId } = shape.parse(
      JSON.parse(Buffer.from(text, 'base64').toString('utf8')),
    );
    return { startMs: Date.parse(lastStartTimeTo), traceHash: xxhash32(lastTraceId), id: lastId };
  } catch {
    return null;
  }
}
