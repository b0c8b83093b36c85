import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PrivateAddress, publicLookup, whyNotPublic } from '../../platform/public-address.js';

/** Where alerts may be sent: anywhere while everything is invented, over https to public addresses otherwise. */
export type Reach = 'anywhere' | 'publicOnly';

interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly reach: Reach;
  readonly signal: AbortSignal;
}

/** What came back: a status, or why there was none. Words of a receiver are not kept. */
export type PostAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Posts once. Redirects are not followed: they would lead past the check of the address. The answer counts when it is complete, so that a
 * receiver which dies in the middle of it gets the message again. Never rejects.
 */
export function post({ url, headers, body, reach, signal }: Posted): Promise<PostAnswer> {
  const why = reach === 'publicOnly' ? whyNotPublic(url) : null;
  if (why !== null) return Promise.resolve({ kind: 'refused', why });
  const target = new URL(url);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const bytes = Buffer.from(body, 'utf8');
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve(
        error instanceof PrivateAddress
          ? { kind: 'refused', why: error.message }
          : { kind: 'failed', why: signal.aborted ? 'no answer in time' : codeOf(error) },
      );
    const request = send(
      target,
      {
        method: 'POST',
        signal,
        agent: false,
        headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': bytes.length },
        ...(reach === 'publicOnly' ? { lookup: publicLookup } : {}),
      },
      (response) => {
        response.on('error', fail);
        response.on('end', () =>
          resolve({
            kind: 'answered',
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'],
          }),
        );
        response.resume();
      },
    );
    request.on('error', fail);
    request.end(bytes);
  });
}

/** The socket's code; its message may hold the address, which is a secret. */
const codeOf = (error: Error): string => {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no connection';
};
