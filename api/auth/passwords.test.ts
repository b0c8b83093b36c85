import { expect, it } from 'vitest';
import { createPasswords } from './passwords.js';

const passwords = createPasswords(9);

it('knows the password again, and no other', async () => {
  const hash = await passwords.hash('an invented password');
  expect(await passwords.matches('an invented password', hash)).toBe(true);
  expect(await passwords.matches('another password', hash)).toBe(false);
  expect(await passwords.matches('an invented password', null)).toBe(false);
});

it('takes as long for an unknown user as for a wrong password', async () => {
  const hash = await passwords.hash('an invented password');
  const shortest = async (of: string | null): Promise<number> => {
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      const beganAt = performance.now();
      await passwords.matches('a wrong password', of);
      took.push(performance.now() - beganAt);
    }
    return Math.min(...took);
  };
  const [unknown, wrong] = [await shortest(null), await shortest(hash)];
  // Half would be heard through a network; the shortest of five is what the hashing takes, also beside other tests.
  expect(unknown).toBeGreaterThan(0.5 * wrong);
});
