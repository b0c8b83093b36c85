import { readFileSync } from 'node:fs';
import type { ServedLangfuse } from './served-langfuse.js';

/** A request to a real 4.16 server and its answer. */
export interface Exchange {
  readonly note: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly auth: 'Basic' | 'Bearer' | 'Token' | null;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

export const recording = (file: string): readonly Exchange[] =>
  JSON.parse(readFileSync(new URL(`../recordings/${file}.json`, import.meta.url), 'utf8')) as Exchange[];

const basic = (secret: string): string => `Basic ${Buffer.from(`pk-lf-proj1:${secret}`).toString('base64')}`;

/** Keys were never recorded: what they were follows from the scheme and the note. */
const authorizationOf = ({ note, request }: Exchange): string | undefined => {
  switch (request.auth) {
    case null:
      return undefined;
    case 'Basic':
      return basic(/wrong secret|unknown pk/.test(note) ? 'sk-lf-wrong' : 'sk-lf-proj1');
    case 'Bearer':
      return 'Bearer pk-lf-proj1';
    case 'Token':
      return 'Token x';
    default:
      return request.auth satisfies never;
  }
};

export interface Replayed {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
  readonly headers: Headers;
}

/** Sends a recorded request to the double. */
export async function replay({ simulator }: ServedLangfuse, exchange: Exchange): Promise<Replayed> {
  const { method, path, headers, body } = exchange.request;
  const authorization = authorizationOf(exchange);
  const response = await fetch(simulator.url + path, {
    method,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text,
    etag: response.headers.get('etag'),
    headers: response.headers,
  };
}

/** A copy in which the values of some keys are hidden, wherever they are; whether they are there is still compared. */
export function masked(value: unknown, keys: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((inner) => masked(inner, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      keys.includes(key) ? typeof inner : masked(inner, keys),
    ]),
  );
}
