import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findRedisServer, startRedisServer, type RedisServer } from '../../test/kit/redis-server.js';
import { freePort } from '../../test/kit/child.js';
import { Secret } from '../config/secret.js';
import type { Cache } from './cache.js';
import { openCache } from './open-cache.js';
import type { CacheLog } from './redis-cache.js';

const redisServer = await findRedisServer();
const quiet: CacheLog = { info: () => undefined, warn: () => undefined };
const opened: Cache[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((cache) => cache.close()));
});

async function open(url: string | null, log = quiet, enableCaching = true): Promise<Cache> {
  const cache = await openCache({ enableCaching, redisUrl: url === null ? null : new Secret(url) }, log);
  opened.push(cache);
  return cache;
}

/** Both implementations keep these promises. */
function contract(url: () => string | null): void {
  it('gives back what was set, as JSON and not as the same object', async () => {
    const cache = await open(url());
    const value = { places: [{ start: '2030-03-05T09:00' }], readAtMs: 7 };
    await cache.set('practice-a', 'slots', value, 60_000);
    expect(await cache.get('practice-a', 'slots')).toEqual(value);
    expect(await cache.get('practice-a', 'slots')).not.toBe(value);
  });

  it('never shows one tenant what another one set, whatever the names are', async () => {
    const cache = await open(url());
    await cache.set('practice-a', 'b/slots', 'ours', 60_000);
    expect(await cache.get('practice-b', 'b/slots')).toBeUndefined();
    expect(await cache.get('practice-a/b', 'slots')).toBeUndefined();
    expect(await cache.get('practice-a","b/slots', '')).toBeUndefined();
  });

  it('forgets after the time that was given', async () => {
    const cache = await open(url());
    await cache.set('practice-a', 'short', 1, 30);
    expect(await cache.get('practice-a', 'short')).toBe(1);
    await vi.waitUntil(async () => (await cache.get('practice-a', 'short')) === undefined, 2_000);
  });

  it('remembers nothing where caching is off', async () => {
    const cache = await open(url(), quiet, false);
    await cache.set('practice-a', 'off', 1, 60_000);
    expect(await cache.get('practice-a', 'off')).toBeUndefined();
  });
}

describe('a cache in memory', () => {
  contract(() => null);
});

describe.skipIf(redisServer === null)('a cache in Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer(redisServer!);
  });
  afterAll(() => server.kill());

  contract(() => server.url);

  it('is shared by all who open it', async () => {
    const [one, other] = [await open(server.url), await open(server.url)];
    await one.set('practice-a', 'shared', 'seen', 60_000);
    expect(await other.get('practice-a', 'shared')).toBe('seen');
  });

  it('that dies is missing values at once, says so in one line, and works again when it is back', async () => {
    const lines: string[] = [];
    const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
    const cache = await open(server.url, log);
    await cache.set('practice-a', 'kept', 1, 60_000);
    await server.kill();
    const before = performance.now();
    for (let call = 0; call < 50; call += 1) {
      expect(await cache.get('practice-a', 'kept')).toBeUndefined();
      await cache.set('practice-a', 'kept', 2, 60_000);
    }
    expect(performance.now() - before).toBeLessThan(2_000);
    await expect
      .poll(() => lines, { timeout: 10_000 })
      .toEqual(['cache is away: reads go to the practice system']);
    await server.start();
    await vi.waitUntil(() => lines.length === 2, 10_000);
    expect(lines[1]).toBe('cache is back');
    await cache.set('practice-a', 'kept', 3, 60_000);
    expect(await cache.get('practice-a', 'kept')).toBe(3);
  });

  it('takes a value that is no JSON as missing', async () => {
    const cache = await open(server.url);
    const { Redis } = await import('ioredis');
    const stranger = new Redis(server.url);
    await stranger.set('chairside:1:["practice-a","odd"]', 'not json');
    stranger.disconnect();
    expect(await cache.get('practice-a', 'odd')).toBeUndefined();
  });
});

describe('a Redis that cannot be used', () => {
  it('is away from the start: opening does not fail or wait, and the address is never logged', async () => {
    const lines: unknown[] = [];
    const log = { info: () => 0, warn: (...line: unknown[]) => lines.push(line) };
    const cache = await open(`redis://:hidden-word@127.0.0.1:${await freePort()}`, log);
    expect(await cache.get('practice-a', 'slots')).toBeUndefined();
    expect(lines).toEqual([['cache is away: reads go to the practice system']]);
  });

  it('that accepts and never answers costs a moment, not a call', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const before = performance.now();
    const cache = await open(`redis://127.0.0.1:${port}`);
    expect(await cache.get('practice-a', 'slots')).toBeUndefined();
    await cache.set('practice-a', 'slots', 1, 60_000);
    expect(performance.now() - before).toBeLessThan(3_000);
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
});
