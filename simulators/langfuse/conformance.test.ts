import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recording, replay } from './testing/recordings.js';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
afterAll(() => served.simulator.close());

describe('errors and edge values answer byte for byte as recorded', () => {
  const exchanges = recording('errors-v4.16.0-dual-selfhosted').filter(
    ({ request }) => !request.path.includes('/otel/'),
  );
  test.each(exchanges.map((exchange) => [exchange.note, exchange] as const))('%s', async (_, exchange) => {
    const { status, body, etag } = await replay(served, exchange);
    expect(status).toBe(exchange.response.status);
    // Recorded HTML pages are shortened to their first bytes.
    if (exchange.request.path === '/api/public/nope') return;
    expect(body).toEqual(exchange.response.body);
    expect(etag ?? undefined).toBe(exchange.response.headers['etag']);
  });
});
