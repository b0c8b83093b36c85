import { once } from 'node:events';
import type { Response } from 'express';

/** One server-sent event, or a comment that only keeps the connection open. */
export type StreamItem =
  { readonly id: string; readonly event: string; readonly data: unknown } | { readonly comment: string };

/** Writes items as server-sent events until they end or the reader is gone. A slow reader is waited for, never buffered without limit. */
export async function sendEventStream(
  response: Response,
  items: AsyncIterable<StreamItem>,
  gone: AbortSignal,
): Promise<void> {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer would hold events back.
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  try {
    for await (const item of items) {
      if (gone.aborted) return;
      const text =
        'comment' in item
          ? `: ${item.comment}\n\n`
          : `id: ${item.id}\nevent: ${item.event}\ndata: ${JSON.stringify(item.data)}\n\n`;
      if (!response.write(text)) await once(response, 'drain', { signal: gone });
    }
  } finally {
    response.end();
  }
}
