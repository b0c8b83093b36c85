import { afterAll, beforeAll, expect, it } from 'vitest';
import { scenarios } from './all.js';
import { doNothing, runScenario } from './run-scenario.js';
import { startScenarioStack, type ScenarioStack } from './scenario-stack.js';
import { faultSeeds } from './scenario.js';

/** Scenarios whose writes suffer most from a fault; the others meet theirs in `npm run scenarios`. */
const underFaults = [1, 2, 6, 14, 15];

let scene: ScenarioStack;
beforeAll(async () => {
  scene = await startScenarioStack();
});
afterAll(() => scene.stop());

const cases = scenarios.flatMap((scenario) =>
  faultSeeds
    .filter((seed) => seed === 'none' || underFaults.includes(scenario.id))
    .map((seed) => [scenario.id, scenario.name, seed, scenario] as const),
);

it.each(cases)(
  '%i: %s (%s) leaves the right appointments, writes and rows',
  async (_, __, seed, scenario) => {
    const { changePromptFile, stack } = scene;
    const { problems } = await runScenario(stack, scenario, { seed, killSeed: 0, changePromptFile });
    expect(problems).toEqual([]);
  },
);

it('has all twenty, and a service that does nothing passes none', () => {
  expect(scenarios.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(doNothing(scenarios).whole).toBe(0);
});
