import type { Stack } from '../kit/stack.js';
import { nothing } from './change.js';
import { judgePractice, judgeRows } from './judge.js';
import type { FaultSeed, Scenario } from './scenario.js';
import { openStage, type Conditions } from './stage.js';

/** How one run of a scenario went. */
export interface Verdict {
  readonly scenario: Scenario;
  readonly seed: FaultSeed;
  readonly problems: readonly string[];
  /** Writes that the practice system received, and those that changed it. */
  readonly writes: { readonly received: number; readonly committed: number };
  readonly struck: string | null;
  readonly tookMs: number;
}

/** Plays a scenario under the fault of a seed and grades how the world stands afterwards. Runs must not overlap: faults hit anybody. */
export async function runScenario(
  stack: Stack,
  scenario: Scenario,
  conditions: Conditions,
): Promise<Verdict> {
  const { seed } = conditions;
  const startedAt = performance.now();
  const { stage, close, struck } = await openStage(stack, scenario, conditions);
  const broken: string[] = [];
  let besides: Awaited<ReturnType<Scenario['play']>>;
  try {
    besides = await scenario.play(stage);
  } catch (error) {
    broken.push(`the play broke off: ${String(error)}`);
  }
  const change = await close();
  const problems = [
    ...broken,
    ...judgePractice(change, scenario.expected),
    ...judgeRows(change, scenario.expected),
    ...(besides?.(change) ?? []).filter((problem): problem is string => problem !== false),
  ];
  return {
    scenario,
    seed,
    problems,
    writes: {
      received: change.writes.length,
      committed: change.writes.filter((write) => write.committed).length,
    },
    struck: struck(),
    tookMs: performance.now() - startedAt,
  };
}

/** What a service that answers nothing and does nothing would reach: by the practice system alone, and with our rows. */
export const doNothing = (
  scenarios: readonly Scenario[],
): { readonly practiceAlone: number; readonly whole: number } => {
  const passes = scenarios.filter(({ expected }) => judgePractice(nothing, expected).length === 0);
  return {
    practiceAlone: passes.length,
    whole: passes.filter(({ expected }) => judgeRows(nothing, expected).length === 0).length,
  };
};
