import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { User } from '../../platform/store/users.js';

/** Signs and reads login tokens. A token holds ids only; role and memberships are read from the store on every request. */
export interface Tokens {
  sign(user: Pick<User, 'userId' | 'tokenVersion'>): {
    readonly token: string;
    readonly expiresInSeconds: number;
  };
  /** Null for a token that is not ours, changed or expired. */
  read(token: string): { readonly userId: string; readonly tokenVersion: number } | null;
}

const expiresInSeconds = 8 * 3_600;
const algorithm = 'HS256';
const claims = z.object({ sub: z.string(), ver: z.number().int() });

export function createTokens(secret: string): Tokens {
  // Given as text, the library tries to read it as a public key first, with every request.
  const key = createSecretKey(secret, 'utf8');
  return {
    sign: ({ userId, tokenVersion }) => ({
      token: jwt.sign({ ver: tokenVersion }, key, {
        algorithm,
        subject: userId,
        expiresIn: expiresInSeconds,
      }),
      expiresInSeconds,
    }),
    read: (token) => {
      try {
        const parsed = claims.safeParse(jwt.verify(token, key, { algorithms: [algorithm] }));
        return parsed.success ? { userId: parsed.data.sub, tokenVersion: parsed.data.ver } : null;
      } catch {
        // Every way in which a token can be wrong is one answer: not authenticated.
        return null;
      }
    },
  };
}
