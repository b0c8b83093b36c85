import bcrypt from 'bcryptjs';
import { z } from 'zod';

/** bcrypt reads no further: what stands behind would protect nothing. */
const longestPasswordBytes = 72;

/** A password that somebody chooses. */
export const newPassword = z
  .string()
  .min(12, 'must have at least 12 characters')
  .refine((text) => Buffer.byteLength(text) <= longestPasswordBytes, {
    error: `must have at most ${longestPasswordBytes} bytes`,
  });

/** Hashes and checks passwords with bcrypt. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (null) as for a known one, so that nobody can list accounts. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

/** 2^cost rounds; 12 takes about 0.2 s on one core of a small server. */
export function createPasswords(cost = 12): Passwords {
  // Well-formed, so that comparing takes its time; no password is known that gives it.
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(22 + 31)}`;
  return {
    hash: (password) => bcrypt.hash(password, cost),
    matches: async (password, hash) => {
      const same = await bcrypt.compare(password, hash ?? nobody);
      return same && hash !== null;
    },
  };
}
