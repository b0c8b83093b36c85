import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { payloadTooLarge, type Answer } from './answer.js';
import { etagOf } from './etag.js';
import type { Fault } from './faults.js';

const types = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** The server compresses replies from about this size on. */
const gzipFromBytes = 1_024;

export interface Written {
  readonly status: number;
  readonly bytes: number;
}

/** Writes an answer as the recorded server does: ETag, 304, gzip. `longest` bytes are allowed (0 = any number). */
export async function writeReply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  longest: number,
  fault: Fault | null,
): Promise<Written> {
  const said = answer.kind === 'json' ? JSON.stringify(answer.body) : String(answer.body);
  if (longest > 0 && Buffer.byteLength(said) > longest && answer !== payloadTooLarge)
    return writeReply(request, response, payloadTooLarge, 0, fault);
  const etag = answer.kind === 'json' ? etagOf(said) : undefined;
  response.statusCode = answer.status;
  response.setHeader('content-type', types[answer.kind]);
  response.setHeader('vary', 'Origin, Accept-Encoding');
  if (etag !== undefined) response.setHeader('etag', etag);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.status === 200 && etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return { status: 304, bytes: 0 };
  }
  const gzip =
    Buffer.byteLength(said) >= gzipFromBytes && request.headers['accept-encoding']?.includes('gzip') === true;
  // Speed before size: a test server's clients are on this machine.
  const body = gzip ? gzipSync(said, { level: 1 }) : Buffer.from(said);
  if (gzip || fault?.kind === 'brokenGzip') response.setHeader('content-encoding', 'gzip');
  else response.setHeader('content-length', body.length);
  await sendBody(response, body, fault);
  return { status: answer.status, bytes: Buffer.byteLength(said) };
}

const trickles = 10;

async function sendBody(response: ServerResponse, body: Buffer, fault: Fault | null): Promise<void> {
  switch (fault?.kind) {
    case 'resetBody':
      response.write(body.subarray(0, Math.ceil(body.length / 2)));
      await new Promise((resolve) => setImmediate(resolve));
      response.destroy();
      return;
    case 'brokenGzip':
      response.end(Buffer.from('this is no gzip'));
      return;
    case 'slowBody':
      for (let part = 0; part < trickles && !response.destroyed; part += 1) {
        const [from, to] = [part, part + 1].map((index) => Math.round((body.length * index) / trickles));
        response.write(body.subarray(from, to));
        await sleep(fault.bodyMs / trickles);
      }
      response.end();
      return;
    case undefined:
    default:
      response.end(body);
  }
}
