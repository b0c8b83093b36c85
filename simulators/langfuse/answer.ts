/** What a route says; `server.ts` writes it. */
export interface Answer {
  readonly status: number;
  /** JSON, or the text of a page. */
  readonly body: unknown;
  readonly kind: 'json' | 'text' | 'html';
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (status: number, body: unknown, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body,
  kind: 'json',
  ...(headers && { headers }),
});

export const text = (status: number, body: string): Answer => ({ status, body, kind: 'text' });
export const html = (status: number, body: string): Answer => ({ status, body, kind: 'html' });

/** A page of the web application: what an unknown path answers. */
export const notFoundPage = html(
  404,
  '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><title>404</title></head></html>',
);

/** A refusal with the recorded words (langfuse.md 6). */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

export const invalidRequest = (message: string): Refusal =>
  new Refusal(json(400, { message, error: 'InvalidRequestError' }));
export const invalidData = (issues: unknown): Refusal =>
  new Refusal(json(400, { message: 'Invalid request data', error: issues }));
export const notFound = (message: string): Refusal =>
  new Refusal(json(404, { message, error: 'LangfuseNotFoundError' }));

export const methodNotAllowed = json(405, { message: 'Method not allowed', error: 'MethodNotAllowedError' });
export const eventsOnly = json(404, {
  message:
    'This endpoint is not available on deployments running in Langfuse v4 events_only mode. Learn more about Langfuse v4 at: https://langfuse.com/docs/v4',
});
export const tooLargeToIngest = text(413, 'Body exceeded 4.5mb limit');
export const narrowYourRequest = json(422, {
  message:
    'Your query could not be completed. Please narrow your request by adding filters or reducing the date range.',
  error: 'Request timed out',
});
export const payloadTooLarge = json(422, {
  message: 'The response is too large. Please narrow your request.',
  error: 'PayloadTooLargeError',
});
