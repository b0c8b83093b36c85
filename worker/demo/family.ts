import { randomInt } from 'node:crypto';

/** Who calls in the demo. Invented anew each time: a known family would be found instead of created. */
export interface Family {
  readonly lastName: string;
  readonly phone: string;
  readonly children: readonly [Child, Child];
}

interface Child {
  readonly firstName: string;
  readonly birthDate: string;
}

const pick = (parts: readonly string[]): string => parts[randomInt(parts.length)] ?? '';

export const inventFamily = (): Family => ({
  lastName: `Sample${pick(['b', 'd', 'f', 'h', 'l', 'm', 'n', 'r', 't', 'w'])}${pick(['a', 'e', 'i', 'o'])}${pick(['ck', 'ld', 'll', 'mp', 'nd', 'rk', 'st', 'tt'])}${pick(['by', 'er', 'ley', 'man', 'ton'])}`,
  phone: `555-555-0${String(randomInt(100, 200))}`,
  children: [
    { firstName: 'Mia', birthDate: '2014-05-06' },
    { firstName: 'Ben', birthDate: '2016-07-08' },
  ],
});
