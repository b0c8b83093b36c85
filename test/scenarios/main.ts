import { execFileSync } from 'node:child_process';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';
import { randomInt } from 'node:crypto';
import { scenarios } from './all.js';
import { readArguments, type ScenarioArguments } from './arguments.js';
import { runHostile } from './hostile.js';
import { runScenario, type Verdict } from './run-scenario.js';
import { startScenarioStack } from './scenario-stack.js';
import { faultSeeds } from './scenario.js';
import { printTable } from './table.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * `npm run scenarios [-- 1 2 14] [--model aimock] [--seeds none,slow]`: all or some seeds of all or some scenarios, one after the other;
 * ends with 1 when one fails.
 */
async function runTable({ ids, seeds, model, seed: killSeed }: ScenarioArguments): Promise<boolean> {
  const chosen = ids.length === 0 ? scenarios : scenarios.filter(({ id }) => ids.includes(id));
  const columns = faultSeeds.filter((seed) => seeds.length === 0 || seeds.includes(seed));
  const { stack, changePromptFile, stop } = await startScenarioStack(model, await temporalCli());
  const verdicts: Verdict[] = [];
  try {
    for (const scenario of chosen) {
      for (const seed of columns) {
        const verdict = await runScenario(stack, scenario, {
          seed,
          killSeed: killSeed ?? 0,
          changePromptFile,
        });
        verdicts.push(verdict);
        const { problems, tookMs } = verdict;
        report(`${scenario.id} ${seed}: ${problems[0] ?? 'ok'} (${(tookMs / 1_000).toFixed(1)} s)`);
      }
    }
  } finally {
    await stop();
  }
  process.stdout.write(`${printTable(chosen, columns, verdicts)}\n`);
  return verdicts.every(({ problems }) => problems.length === 0);
}

/** `npm run scenarios -- hostile [--runs 500] [--seed N]`: random scripts of a hostile model; the seed plays the same ones again. */
async function runHostileScripts({ runs, lanes, seed: given }: ScenarioArguments): Promise<boolean> {
  const seed = given ?? randomInt(1_000_000_000);
  report(`npm run scenarios -- hostile --runs ${runs} --seed ${seed}`);
  const { stack, stop } = await startScenarioStack('simulator', await temporalCli());
  try {
    const { problems, ...counts } = await runHostile(stack, { runs, lanes, seed, report });
    for (const problem of problems) report(problem);
    process.stdout.write(`${JSON.stringify({ ...counts, problems: problems.length })}\n`);
    return problems.length === 0;
  } finally {
    await stop();
  }
}

const temporalCli = (): Promise<string> => findTemporalCli({ env: process.env, report });

// Replays tell the states of their workers otherwise.
Runtime.install({ logger: new DefaultLogger('WARN') });
const asked = readArguments(process.argv.slice(2));
execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
const passed = await (asked.mode === 'hostile' ? runHostileScripts(asked) : runTable(asked));
if (!passed) process.exitCode = 1;
