import { cpus, loadavg } from 'node:os';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { inRepository, startChild } from '../test/kit/child.js';
import { startStack, type Stack } from '../test/kit/stack.js';
import { findTemporalCli } from '../worker/temporal-cli/find.js';
import { conversationWorkflowId } from '../workflows/ids.js';
import { bareTurn, type bareConversation } from './bare/workflow.js';
import type { BenchResult } from './main.js';
import { percentiles, ratio, timed } from './percentiles.js';

const turns = Number(process.env['BENCH_TURNS'] ?? 1_000);
const warmUps = 50;
/**
 * Both sides begin anew here, with a first turn that is not counted: the server's update latency grows with a run (temporal.md 3), and a
 * conversation is handed to a person after its 60th turn, without asking the model any more.
 */
const turnsPerRun = 50;
/** The last turns that a conversation's budget leaves to the model. */
const lateTurns = [55, 56, 57, 58] as const;
const earlyTurns = [4, 5, 6, 7] as const;
const longConversations = 5;

/**
 * A plain turn through HTTP, with a model that answers at once, against a bare update with one activity that does nothing on the same
 * server, turn by turn in alternation. Then conversations as long as their budget allows: what turn 57 costs beside turn 5.
 */
export async function turnLatency(): Promise<BenchResult> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  const bareWorker = await startChild(
    process.execPath,
    ['--import', 'tsx', inRepository('bench/bare/worker.ts'), stack.temporal.address],
    { env: process.env, ready: (output) => output.includes('ready') },
  );
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
    const interleaved = await againstBare(stack, new Client({ connection }));
    report(JSON.stringify(interleaved));
    return {
      figures: {
        ...interleaved,
        longConversation: await longConversation(stack),
        machine: {
          cpus: cpus().length,
          model: cpus()[0]?.model,
          node: process.version,
          load: loadavg()[0],
        },
      },
      problems: [],
    };
  } finally {
    await connection.close();
    await bareWorker.kill();
    await stack.stop();
  }
}

async function againstBare(stack: Stack, client: Client): Promise<object> {
  let caller = await stack.caller();
  const plainMs: number[] = [];
  const bareMs: number[] = [];
  let bare: WorkflowHandle<typeof bareConversation> | undefined;
  for (let turn = 0; turn < warmUps + turns; turn++) {
    if (turn % turnsPerRun === 0) {
      await bare?.terminate();
      bare = await client.workflow.start<typeof bareConversation>('bareConversation', {
        workflowId: `bare/${turn}`,
        taskQueue: 'bare',
      });
      await bare.executeUpdate(bareTurn);
      caller = await stack.caller();
      await caller.say('Hello');
    }
    const [talk, run] = [caller, bare];
    const plain = await timed(() => talk.say(`Message ${turn}`));
    const floor = await timed(() => run?.executeUpdate(bareTurn) ?? Promise.reject(new Error('no run')));
    if (turn < warmUps) continue;
    plainMs.push(plain);
    bareMs.push(floor);
  }
  const plain = percentiles(plainMs);
  const floor = percentiles(bareMs);
  return {
    plainTurn: plain,
    bareUpdateAndActivity: floor,
    ratioP50: ratio(plain.p50Ms, floor.p50Ms),
    ratioP99: ratio(plain.p99Ms, floor.p99Ms),
    goal: { ratioP50: 1.3, ratioP99: 1.5 },
  };
}

async function longConversation(stack: Stack): Promise<object> {
  const early: number[] = [];
  const late: number[] = [];
  const sizes: { readonly events: number; readonly bytes: number }[] = [];
  for (let round = 0; round < longConversations; round++) {
    const caller = await stack.caller();
    for (let turn = 1; turn <= lateTurns[3]; turn++) {
      const tookMs = await timed(() => caller.say(`Message ${String(turn).padStart(3, '0')}`));
      if (earlyTurns.some((one) => one === turn)) early.push(tookMs);
      if (lateTurns.some((one) => one === turn)) late.push(tookMs);
      if (round === 0 && turn <= 10) sizes.push(await sizeOf(stack, caller.conversationId));
    }
  }
  const turn5 = percentiles(early);
  const turn57 = percentiles(late);
  const [before, after] = [sizes[4], sizes[9]];
  return {
    turn5,
    turn57,
    ratioP50: ratio(turn57.p50Ms, turn5.p50Ms),
    eventsPerTurn: before && after ? (after.events - before.events) / 5 : null,
    bytesPerTurn: before && after ? Math.round((after.bytes - before.bytes) / 5) : null,
  };
}

async function sizeOf(
  stack: Stack,
  conversationId: string,
): Promise<{ readonly events: number; readonly bytes: number }> {
  const { historyLength, raw } = await stack.client.workflow
    .getHandle(conversationWorkflowId('bright-smiles', conversationId))
    .describe();
  return { events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
}
