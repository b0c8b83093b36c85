import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.js';

/** About 500 searches of three months at a practice with ten chairs. */
const mostCharacters = 64 * 1024 * 1024;

/** A cache of this process. It keeps JSON text, as Redis does, so that nobody changes a remembered value by accident. */
export function createMemoryCache(): Cache {
  const texts = new LRUCache<string, string>({
    maxSize: mostCharacters,
    sizeCalculation: (text) => Math.max(1, text.length),
  });
  const slot = (tenantId: string, key: string): string => JSON.stringify([tenantId, key]);
  return {
    get: (tenantId, key) => {
      const text = texts.get(slot(tenantId, key));
      return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as unknown));
    },
    set: (tenantId, key, value, ttlMs) => {
      texts.set(slot(tenantId, key), JSON.stringify(value), { ttl: ttlMs });
      return Promise.resolve();
    },
    close: () => {
      texts.clear();
      return Promise.resolve();
    },
  };
}
