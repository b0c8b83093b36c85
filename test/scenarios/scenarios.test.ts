import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { scenarios } from './all.js';
import { doNothing, runScenario } from './run-scenario.js';
import { startScenarioStack, type ScenarioStack } from './scenario-stack.js';

/** A few of the twenty without a fault, so that scenarios and grading stay in step with the product; all: `npm run scenarios`. */
const representatives = [1, 7, 14, 15, 16];

let scene: ScenarioStack;
beforeAll(async () => {
  scene = await startScenarioStack('simulator', inject('temporalCliPath'));
});
afterAll(() => scene.stop());

it.each(
  scenarios.filter(({ id }) => representatives.includes(id)).map((one) => [one.id, one.name, one] as const),
)('scenario %d: %s', async (_id, _name, scenario) => {
  const { stack, changePromptFile } = scene;
  const { problems } = await runScenario(stack, scenario, { seed: 'none', killSeed: 0, changePromptFile });
  expect(problems).toEqual([]);
});

it('lets a service that does nothing pass none of the twenty', () => {
  expect(scenarios.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(doNothing(scenarios).whole).toBe(0);
});
