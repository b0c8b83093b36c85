import { execFileSync } from 'node:child_process';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';
import { randomInt } from 'node:crypto';
import { scenarios } from './all.js';
import { runHostile } from './hostile.js';
import { runScenario, type Verdict } from './run-scenario.js';
import { startScenarioStack } from './scenario-stack.js';
import { faultSeeds } from './scenario.js';
import { printTable } from './table.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/** `npm run scenarios [-- 1 2 14]`: all seeds of all or some scenarios, one after the other; ends with 1 when one fails. */
async function runTable(ids: readonly number[]): Promise<boolean> {
  const chosen = ids.length === 0 ? scenarios : scenarios.filter(({ id }) => ids.includes(id));
  const killSeed = Number(process.env['SCENARIO_SEED'] ?? 0);
  const { stack, changePromptFile, stop } = await startScenarioStack(
    await findTemporalCli({ env: process.env, report }),
  );
  const verdicts: Verdict[] = [];
  try {
    for (const scenario of chosen) {
      for (const seed of faultSeeds) {
        const verdict = await runScenario(stack, scenario, { seed, killSeed, changePromptFile });
        verdicts.push(verdict);
        const { problems, tookMs } = verdict;
        report(`${scenario.id} ${seed}: ${problems[0] ?? 'ok'} (${(tookMs / 1_000).toFixed(1)} s)`);
      }
    }
  } finally {
    await stop();
  }
  process.stdout.write(`${printTable(chosen, verdicts)}\n`);
  return verdicts.every(({ problems }) => problems.length === 0);
}

/** `npm run scenarios -- hostile`: 500 random scripts of a hostile model; HOSTILE_SEED repeats them, HOSTILE_RUNS shortens it. */
async function runHostileScripts(): Promise<boolean> {
  const runs = Number(process.env['HOSTILE_RUNS'] ?? 500);
  const seed = Number(process.env['HOSTILE_SEED'] ?? randomInt(1_000_000_000));
  report(`HOSTILE_SEED=${seed}`);
  const { stack, stop } = await startScenarioStack(await findTemporalCli({ env: process.env, report }));
  try {
    const { problems, ...counts } = await runHostile(stack, runs, seed);
    for (const problem of problems) report(problem);
    process.stdout.write(`${JSON.stringify({ ...counts, problems: problems.length })}\n`);
    return problems.length === 0;
  } finally {
    await stop();
  }
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
const given = process.argv.slice(2);
const passed = given[0] === 'hostile' ? await runHostileScripts() : await runTable(given.map(Number));
if (!passed) process.exitCode = 1;
