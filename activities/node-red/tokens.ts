import type { Secret } from '../../platform/config/secret.js';

/** Tokens of one process. Each login leaves a session on the instance and counts towards its lockout (node-red.md 2). */
export interface Tokens {
  /** The remembered token, or the one that a single `logIn` at a time brings. */
  get(key: string, logIn: () => Promise<Secret>): Promise<Secret>;
  /** Forgets a token that was refused; a newer one stays. */
  forget(key: string, token: Secret): void;
}

export function createTokens(): Tokens {
  const known = new Map<string, Promise<Secret>>();
  const settled = new Map<string, Secret>();
  return {
    get: (key, logIn) => {
      const before = known.get(key);
      if (before) return before;
      const fresh = logIn();
      known.set(key, fresh);
      fresh.then(
        (token) => void settled.set(key, token),
        () => void known.delete(key),
      );
      return fresh;
    },
    forget: (key, token) => {
      if (settled.get(key) !== token) return;
      settled.delete(key);
      known.delete(key);
    },
  };
}
