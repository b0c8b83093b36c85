import type { Secret } from '../config/secret.js';
import type { Cache } from './cache.js';
import { createMemoryCache } from './memory-cache.js';
import { openRedisCache, type CacheLog } from './redis-cache.js';

/** Where caching is off. */
const noCache: Cache = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** The cache that the configuration asks for: none, this process's memory, or the Redis that all workers share. */
export async function openCache(
  { enableCaching, redisUrl }: { readonly enableCaching: boolean; readonly redisUrl: Secret | null },
  log: CacheLog,
): Promise<Cache> {
  if (!enableCaching) return noCache;
  return redisUrl === null ? createMemoryCache() : openRedisCache(redisUrl, log);
}
