import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Exchange {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Ends the exchange: its deadline and the activity's cancellation. */
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The largest body that Node-RED takes by default is 5 MB; one that answers more than this is not Node-RED. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Sends one request and reads the whole answer. Redirects are not followed: the headers hold credentials. Each exchange has a connection of
 * its own, because a kept one may be closed just as a deploy goes out, which would make that unclear for nothing. Rejects with the
 * socket's error, with the signal's reason, or when the answer ends early.
 */
export function exchange({ url, method, headers, body, signal }: Exchange): Promise<WireAnswer> {
  const target = new URL(url);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const bytes = body === null ? null : Buffer.from(body, 'utf8');
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(signal.aborted && signal.reason instanceof Error ? signal.reason : error);
    };
    const request = send(
      target,
      {
        method,
        signal,
        agent: false,
        headers: { ...headers, ...(bytes === null ? {} : { 'Content-Length': bytes.length }) },
      },
      (response) => {
        read(response).then(
          (text) =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers as WireAnswer['headers'],
              body: text,
            }),
          fail,
        );
      },
    );
    request.on('error', fail);
    request.end(bytes);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) {
      response.destroy();
      throw new Error('The answer is too large.');
    }
    parts.push(part);
  }
  if (!response.complete) throw new Error('The answer ended early.');
  return Buffer.concat(parts).toString('utf8');
}
