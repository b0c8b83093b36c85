import { doNothing, type Verdict } from './run-scenario.js';
import type { FaultSeed, Scenario } from './scenario.js';

/** One line a scenario: each seed's verdict and the writes that were received and committed, then what went wrong, then the two scores. */
export function printTable(
  scenarios: readonly Scenario[],
  faultSeeds: readonly FaultSeed[],
  verdicts: readonly Verdict[],
): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const cell = (verdict: Verdict | undefined): string => {
    if (!verdict) return '';
    const { problems, writes, seed, struck } = verdict;
    // "-": the seed's fault met nothing that it could hit.
    const missed = seed !== 'none' && struck === null ? ' -' : '';
    return `${problems.length === 0 ? 'ok' : 'FAIL'} ${writes.received}/${writes.committed}${missed}`;
  };
  const row = (first: string, cells: readonly string[]): string =>
    [first.padEnd(width + 4), ...cells.map((text) => text.padEnd(13))].join(' ').trimEnd();
  const lines = scenarios.map((scenario) =>
    row(
      `${String(scenario.id).padStart(2)}  ${scenario.name}`,
      faultSeeds.map((seed) =>
        cell(verdicts.find((verdict) => verdict.scenario === scenario && verdict.seed === seed)),
      ),
    ),
  );
  const failed = verdicts.filter(({ problems }) => problems.length > 0);
  const idle = doNothing(scenarios);
  return [
    row('scenario (writes received/committed)', faultSeeds),
    ...lines,
    ...failed.flatMap(({ scenario, seed, problems, struck }) => [
      '',
      `${scenario.id} ${scenario.name}, ${seed}${struck === null ? '' : ` (${struck})`}:`,
      ...problems.map((problem) => `  ${problem}`),
    ]),
    '',
    `passed ${verdicts.length - failed.length} of ${verdicts.length}; a service that does nothing: ` +
      `${idle.practiceAlone} of ${scenarios.length} by the practice system alone, ${idle.whole} with our own rows`,
  ].join('\n');
}
