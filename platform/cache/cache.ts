/**
 * Answers of outside systems, remembered for a while to spare them a call. Never the truth: every value may be missing at any time, and no
 * method ever fails. Nothing personal belongs here, because a Redis is shared and keeps clear text.
 */
export interface Cache {
  /** What was set and is not too old, as JSON gives it back; undefined when there is nothing, or the cache is away. */
  get(tenantId: string, key: string): Promise<unknown>;
  /** Remembers a JSON value for `ttlMs`. */
  set(tenantId: string, key: string, value: unknown, ttlMs: number): Promise<void>;
  close(): Promise<void>;
}
