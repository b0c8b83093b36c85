import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Caller } from '../test/kit/caller.js';
import { inRepository } from '../test/kit/child.js';
import { recordedHistoriesKeys } from '../test/kit/recorded-histories.js';
import { startStack, type Stack } from '../test/kit/stack.js';
import { createDataConverter } from '../platform/temporal/data-converter.js';
import { findTemporalCli } from '../worker/temporal-cli/find.js';
import { eventsPerRun } from '../workflows/booking-conversation/timings.js';
import { conversationWorkflowId } from '../workflows/ids.js';
import type { BenchResult } from './main.js';
import { percentiles, ratio, timed } from './percentiles.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const earlyTurn = 5;
/** Turns at the end that are measured, each beside the fifth turn of a conversation that has just begun. */
const pairs = 10;
const replays = 5;
const goal = { ratioP50: 1.2, replayMs: 300 };

/** The last turns of very long conversations, in alternation with early turns of new ones, and the replay of the last run. */
export async function longConversation(args: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      turns: { type: 'string', default: '400' },
      conversations: { type: 'string', default: '3' },
    },
  });
  const turns = Number(values.turns);
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  try {
    await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
    const early: number[] = [];
    const late: number[] = [];
    const replayMs: number[] = [];
    let replayCpuMs = 0;
    let lastEvents = 0;
    for (let round = 1; round <= Number(values.conversations); round++) {
      const talk = await unlimited(stack, turns);
      for (let turn = 1; turn <= turns - pairs; turn++) {
        await talk.say(`Message ${turn}`);
        await breathe(stack, talk);
      }
      for (let turn = turns - pairs + 1; turn <= turns; turn++) {
        early.push(await earlyTurnOf(stack));
        late.push(await timed(() => talk.say(`Message ${turn}`)));
      }
      const { events, tookMs, cpuMs } = await replayOf(stack, talk);
      replayMs.push(...tookMs);
      replayCpuMs = cpuMs;
      lastEvents = events;
      report(
        `conversation ${round}: ${JSON.stringify({ early: percentiles(early), late: percentiles(late) })}`,
      );
    }
    const [first, last, replay] = [percentiles(early), percentiles(late), percentiles(replayMs)];
    const ratioP50 = ratio(last.p50Ms, first.p50Ms);
    return {
      figures: {
        turns,
        [`turn${earlyTurn}`]: first,
        [`turn${turns}`]: last,
        ratioP50,
        replayOfLastFullRun: { events: lastEvents, ...replay, cpuMs: replayCpuMs },
        goal,
        load: loadavg()[0],
      },
      problems: [
        ...(ratioP50 > goal.ratioP50 ? [`a late turn takes ${ratioP50} times an early one`] : []),
        ...(replay.p50Ms > goal.replayMs ? [`the replay takes ${replay.p50Ms} ms`] : []),
      ],
    };
  } finally {
    await stack.stop();
  }
}

/** A conversation that may take so many turns and a few more: the product hands over to a person after 60. */
async function unlimited(stack: Stack, turns: number): Promise<Caller> {
  const caller = await stack.caller();
  const enough = 2 * turns;
  const budget = { callerTurns: enough, modelCalls: enough, costUsd: 1_000, weightedTokens: 1_000_000_000 };
  await stack.hurry(caller, { budget });
  return caller;
}

/** A caller who pauses when a run is full: one who never does puts the next run off. */
async function breathe({ client }: Stack, { conversationId }: Caller): Promise<void> {
  const handle = client.workflow.getHandle(conversationWorkflowId('bright-smiles', conversationId));
  while ((await handle.describe()).historyLength > eventsPerRun)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function earlyTurnOf(stack: Stack): Promise<number> {
  const caller = await stack.caller();
  for (let turn = 1; turn < earlyTurn; turn++) await caller.say(`Message ${turn}`);
  return timed(() => caller.say(`Message ${earlyTurn}`));
}

/** The last run, or the one before when that is longer: at the end of a turn the last one may have just begun. */
async function lastFullRun(
  client: Stack['client'],
  workflowId: string,
): Promise<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>> {
  const last = await client.workflow.getHandle(workflowId).fetchHistory();
  const runId = last.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  if (!runId) return last;
  const before = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (before.events?.length ?? 0) > (last.events?.length ?? 0) ? before : last;
}

/** Replays the last full run with the production bundle; the first replay of a worker pays for its start and is not counted. */
async function replayOf(
  { client }: Stack,
  { conversationId }: Caller,
): Promise<{ readonly events: number; readonly tookMs: readonly number[]; readonly cpuMs: number }> {
  const workflowId = conversationWorkflowId('bright-smiles', conversationId);
  const history = await lastFullRun(client, workflowId);
  const tookMs: number[] = [];
  let beganAt = performance.now();
  let cpuAtFirst = process.cpuUsage();
  const results = Worker.runReplayHistories(
    {
      workflowBundle: { codePath: inRepository('dist/worker/bundle/workflow-bundle.cjs') },
      dataConverter: createDataConverter(recordedHistoriesKeys),
    },
    Array.from({ length: replays + 1 }, () => ({ workflowId, history })),
  );
  for await (const { error } of results) {
    if (error) throw error;
    tookMs.push(performance.now() - beganAt);
    if (tookMs.length === 1) cpuAtFirst = process.cpuUsage();
    beganAt = performance.now();
  }
  const { user, system } = process.cpuUsage(cpuAtFirst);
  // CPU beside wall clock: the latter says little on a machine that others use.
  return {
    events: history.events?.length ?? 0,
    tookMs: tookMs.slice(1),
    cpuMs: Math.round((user + system) / 1_000 / replays),
  };
}
