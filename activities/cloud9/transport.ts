import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createGunzip } from 'node:zlib';

export interface Exchange {
  readonly endpoint: string;
  /** Both are answered alike (cloud9.md 1.1); `fetch` refuses a body on GET, hence node:http. */
  readonly method: 'POST' | 'GET';
  readonly body: string;
  /** Ends the exchange: deadline, and for reads the activity's cancellation. */
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** GetPatientList of a large practice is some tens of megabytes; more than this is not an answer but a fault. */
const maxBodyBytes = 128 * 1024 * 1024;

/**
 * Sends one document and reads the whole answer as UTF-8, gunzipped when needed. Redirects are not followed: the body holds the password.
 * Each exchange has its own connection: a kept one may be closed by the server just as a write goes out, which would make it unclear for
 * nothing. Rejects with the socket's error, or with the signal's reason.
 */
export function exchange({ endpoint, method, body, signal }: Exchange): Promise<WireAnswer> {
  const url = new URL(endpoint);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const bytes = Buffer.from(body, 'utf8');
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(signal.aborted && signal.reason instanceof Error ? signal.reason : error);
    };
    const request = send(
      url,
      {
        method,
        signal,
        agent: false,
        headers: {
          'Content-Type': 'application/xml',
          'Content-Length': bytes.length,
          'Accept-Encoding': 'gzip',
        },
      },
      (response) => {
        read(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text }), fail);
      },
    );
    request.on('error', fail);
    request.end(bytes);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const zipped = response.headers['content-encoding']?.toLowerCase() === 'gzip';
  const source: AsyncIterable<Buffer> = zipped ? unzipped(response) : response;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of source) {
    size += part.length;
    if (size > maxBodyBytes) {
      response.destroy();
      throw new Error('The answer is too large.');
    }
    parts.push(part);
  }
  // A connection that drops half-way ends the stream without an error on some paths of HTTP/1.1.
  if (!response.complete) throw new Error('The answer ended early.');
  return Buffer.concat(parts).toString('utf8');
}

function unzipped(response: IncomingMessage): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  response.on('error', (error) => gunzip.destroy(error));
  response.on('aborted', () => gunzip.destroy(new Error('The connection was lost.')));
  return response.pipe(gunzip);
}
