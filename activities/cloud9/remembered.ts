import { Cloud9Error } from './errors.js';
import type { Cloud9Deps, Practice } from './practice.js';

/** An answer of the practice system and when it was given. */
export interface Read<Value> {
  readonly value: Value;
  readonly readAtMs: number;
}

interface Memory<Value> {
  /** What was asked, within tenant, environment and credentials. */
  readonly key: string;
  /** Answers up to this age are given without asking again. */
  readonly freshMs: number;
  /** Answers up to this age are better than none: given when the practice system throttles or fails. */
  readonly usableMs: number;
  /** False for an answer that must not replace an older one. */
  readonly worthKeeping: (value: Value) => boolean;
}

/**
 * Reads through the cache. Only a good answer is ever remembered, so that a throttled, failed or suspiciously empty one never takes the
 * place of what was known (cloud9.md 6.5; failure-modes.md 14). Fails as the read does when nothing usable is remembered.
 */
export async function remembered<Value>(
  { cache, clock }: Pick<Cloud9Deps, 'cache' | 'clock'>,
  practice: Practice,
  { key, freshMs, usableMs, worthKeeping }: Memory<Value>,
  read: () => Promise<Value>,
): Promise<Read<Value>> {
  const { slug } = practice.tenant;
  const place = `${practice.cacheKey}/${key}`;
  const kept = asRead<Value>(await cache.get(slug, place));
  const ageMs = kept ? clock.nowMs() - kept.readAtMs : Infinity;
  if (kept && ageMs <= freshMs) return kept;
  try {
    const fresh = { value: await read(), readAtMs: clock.nowMs() };
    if (worthKeeping(fresh.value)) await cache.set(slug, place, fresh, usableMs);
    return fresh;
  } catch (error) {
    if (kept && ageMs <= usableMs && mayPass(error)) return kept;
    throw error;
  }
}

/** Faults that say nothing about what was asked. A refused credential is none of them. */
const mayPass = (error: unknown): boolean =>
  error instanceof Cloud9Error && ['throttled', 'unavailable', 'malformed'].includes(error.fault.kind);

/** What `remembered` has set under this key, and nothing else. */
const asRead = <Value>(kept: unknown): Read<Value> | undefined =>
  typeof kept === 'object' && kept !== null && 'readAtMs' in kept && typeof kept.readAtMs === 'number'
    ? (kept as Read<Value>)
    : undefined;
