import { Problem } from '../problems.js';

/** Streams of one tenant that one process serves at a time; each polls the store. */
const mostPerTenant = 50;

/** Counts open streams, so that no tenant takes all connections of a process. */
export interface OpenStreams {
  /** Throws RateLimited when the tenant has too many; the returned function gives the place back. */
  enter(tenantId: string): () => void;
}

export function createOpenStreams(): OpenStreams {
  const open = new Map<string, number>();
  const change = (tenantId: string, by: number): void =>
    void open.set(tenantId, (open.get(tenantId) ?? 0) + by);
  return {
    enter: (tenantId) => {
      if ((open.get(tenantId) ?? 0) >= mostPerTenant)
        throw new Problem('RateLimited', { retryAfterSeconds: 30 });
      change(tenantId, 1);
      return () => change(tenantId, -1);
    },
  };
}
