import bcrypt from 'bcryptjs';

/** Hashes and checks passwords with bcrypt. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (null) as for a known one, so that nobody can list accounts. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

/** 2^cost rounds; 12 takes about 0.2 s on one core of a small server. */
export function createPasswords(cost = 12): Passwords {
  const nobody = bcrypt.hash('nobody has this password', cost);
  return {
    hash: (password) => bcrypt.hash(password, cost),
    matches: async (password, hash) => {
      const same = await bcrypt.compare(password, hash ?? (await nobody));
      return same && hash !== null;
    },
  };
}
