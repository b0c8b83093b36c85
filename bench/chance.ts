import { drawsOf } from '../simulators/cloud9/draws.js';

/** Choices that are the same for the same seed, so that a run can be repeated. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both included. */
  readonly whole: (least: number, most: number) => number;
  readonly oneOf: <T>(choices: readonly T[]) => T | undefined;
}

export function chance(seed: number): Chance {
  const next = drawsOf(seed);
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return { next, whole, oneOf: (choices) => choices[whole(0, choices.length - 1)] };
}
