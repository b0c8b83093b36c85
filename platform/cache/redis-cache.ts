import { Redis } from 'ioredis';
import type { Secret } from '../config/secret.js';
import type { Cache } from './cache.js';

export interface CacheLog {
  info(event: string, fields?: Readonly<Record<string, unknown>>): unknown;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): unknown;
}

/** Longer than this and asking the practice system is as good. */
const patienceMs = 250;
const connectTimeoutMs = 1_000;
const longestReconnectMs = 5_000;

/** Ours in a Redis that others use too; the number changes when the shape of remembered values does. */
const prefix = 'chairside:1:';

/**
 * A cache that all workers share. A Redis that is away, slow or broken makes every value missing, at once; one line says that it went and
 * one that it came back. Resolves when it is connected or known to be away.
 */
export async function openRedisCache(url: Secret, log: CacheLog): Promise<Cache> {
  const redis = new Redis(url.reveal(), {
    lazyConnect: true,
    // A command without a connection fails now instead of waiting for one.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patienceMs,
    connectTimeout: connectTimeoutMs,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), longestReconnectMs),
  });
  let away = false;
  const wentAway = (): void => {
    if (!away) log.warn('cache is away: reads go to the practice system');
    away = true;
  };
  redis.on('error', wentAway);
  redis.on('close', wentAway);
  redis.on('ready', () => {
    if (away) log.info('cache is back');
    away = false;
  });
  await redis.connect().catch(wentAway);

  const slot = (tenantId: string, key: string): string => `${prefix}${JSON.stringify([tenantId, key])}`;
  return {
    get: async (tenantId, key) => {
      const text = await redis.get(slot(tenantId, key)).catch(() => null);
      if (text === null) return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        // Somebody else's value under our key is no value.
        return undefined;
      }
    },
    set: async (tenantId, key, value, ttlMs) => {
      await redis.set(slot(tenantId, key), JSON.stringify(value), 'PX', Math.ceil(ttlMs)).catch(() => null);
    },
    close: () => {
      redis.removeListener('close', wentAway);
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
