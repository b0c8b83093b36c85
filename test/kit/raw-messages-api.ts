import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** What happens on the socket of one request. */
export type RawAnswer = (response: ServerResponse, request: SeenRequest) => void;

/** A Messages API that does exactly what it is told, also what no healthy server does. */
export interface RawMessagesApi {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Answers of the next requests, in order; the last one stays. */
  answers(...next: readonly RawAnswer[]): void;
  /** Ends the oldest answer that stalled with this body. */
  release(body: unknown): void;
  /** Resolves when a request has arrived in full. */
  arrived(): Promise<SeenRequest>;
  /** Resolves when the client has given up a connection whose answer was not finished. */
  abandoned(): Promise<void>;
  close(): Promise<void>;
}

export async function startRawMessagesApi(): Promise<RawMessagesApi> {
  const requests: SeenRequest[] = [];
  const waiting: ((request: SeenRequest) => void)[] = [];
  let queue: RawAnswer[] = [];
  const responses: ServerResponse[] = [];
  let gaveUp: () => void = () => undefined;
  const abandoned = new Promise<void>((resolve) => (gaveUp = resolve));
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (text += part));
    response.on('close', () => {
      if (!response.writableFinished) gaveUp();
    });
    request.on('end', () => {
      const seen = { headers: request.headers, body: JSON.parse(text || '{}') as Record<string, unknown> };
      requests.push(seen);
      responses.push(response);
      for (const resolve of waiting.splice(0)) resolve(seen);
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      answer?.(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers: (...next) => {
      queue = [...next];
    },
    release: (body) => {
      responses.find((response) => !response.writableEnded)?.end(JSON.stringify(body));
    },
    arrived: () => new Promise((resolve) => waiting.push(resolve)),
    abandoned: () => abandoned,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A JSON answer of any status. */
export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): RawAnswer =>
  (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': 'req_invented',
      ...headers,
    });
    response.end(JSON.stringify(body));
  };

/** A whole message as the API sends it. */
export const message = (...parts: Parameters<typeof messageBody>): RawAnswer =>
  json(200, messageBody(...parts));

export const messageBody = (
  content: readonly Readonly<Record<string, unknown>>[],
  stopReason = 'end_turn',
  usage: Readonly<Record<string, unknown>> = usageOf(100, 20),
): unknown => ({
  id: 'msg_invented',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  stop_details: null,
  usage,
});

export const usageOf = (input: number, output: number): Readonly<Record<string, unknown>> => ({
  input_tokens: input,
  output_tokens: output,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
});

/** Sends these events of a stream and then ends, or leaves the stream open. */
export const events =
  (list: readonly (readonly [string, unknown])[], then: 'end' | 'cut' = 'end'): RawAnswer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_invented' });
    for (const [name, data] of list) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    if (then === 'end') response.end();
    else setImmediate(() => response.destroy());
  };

/** Headers and a little of the body, then nothing until `release` sends the rest of this answer. */
export const stall: RawAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(' ');
};

/** Closes the connection without an answer. */
export const reset: RawAnswer = (response) => {
  response.socket?.resetAndDestroy();
};

/** Any bytes with any type. */
export const bytes =
  (text: string, contentType = 'application/json'): RawAnswer =>
  (response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(text);
  };
