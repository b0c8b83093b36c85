import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startStack, type Stack } from '../test/kit/stack.js';
import { findTemporalCli } from '../worker/temporal-cli/find.js';
import { chance } from './chance.js';
import type { BenchResult } from './main.js';
import { percentiles, timed } from './percentiles.js';
import { lookAt, useSince } from './process-use.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/** A conversation is given up for a new one before its budget of 60 turns hands it to a person. */
const turnsPerConversation = 40;

/**
 * Conversations at once, each of a caller who writes, gets the reply, thinks and writes again. The pause is drawn between half and one and
 * a half of `think-ms`, so that callers do not march in step. Any answer but a reply of the agent is an error.
 */
export async function manyCallers(args: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      callers: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '300' },
      'think-ms': { type: 'string', default: '8000' },
      'model-ms': { type: 'string', default: '500' },
    },
  });
  const [callers, seconds] = [Number(values.callers), Number(values.seconds)];
  const thinkMs = Number(values['think-ms']);
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  try {
    await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
    await stack.model.latency(Number(values['model-ms']));
    const pids = { api: stack.api.pid(), worker: stack.worker.pid(), temporal: stack.temporal.pid() };
    const looks = { api: lookAt(pids.api), worker: lookAt(pids.worker), temporal: lookAt(pids.temporal) };
    const tally: Tally = { tookMs: [], errors: {} };
    const endAtMs = Date.now() + seconds * 1_000;
    const progress = setInterval(
      () =>
        report(
          `${tally.tookMs.length} turns, errors ${JSON.stringify(tally.errors)}, load ${String(loadavg()[0])}`,
        ),
      10_000,
    );
    await Promise.all(
      Array.from({ length: callers }, (_, index) => talk(stack, { seed: index, endAtMs, thinkMs, tally })),
    );
    clearInterval(progress);
    const errors = Object.values(tally.errors).reduce((sum, count) => sum + count, 0);
    return {
      figures: {
        callers,
        seconds,
        thinkMs,
        modelMs: Number(values['model-ms']),
        turn: percentiles(tally.tookMs),
        turnsPerSecond: Math.round((tally.tookMs.length / seconds) * 10) / 10,
        errors,
        errorsByKind: tally.errors,
        api: useSince(looks.api, pids.api),
        worker: useSince(looks.worker, pids.worker),
        temporal: useSince(looks.temporal, pids.temporal),
        machine: { cpus: cpus().length, model: cpus()[0]?.model, load: loadavg()[0] },
      },
      problems: errors > 0 ? [`${errors} messages were not answered as they must be`] : [],
    };
  } finally {
    await stack.stop();
  }
}

interface Tally {
  readonly tookMs: number[];
  readonly errors: Record<string, number>;
}

interface Part {
  readonly seed: number;
  readonly endAtMs: number;
  readonly thinkMs: number;
  readonly tally: Tally;
}

async function talk(stack: Stack, { seed, endAtMs, thinkMs, tally }: Part): Promise<void> {
  const { next } = chance(seed);
  const think = (): Promise<void> =>
    new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, Math.min(thinkMs * (0.5 + next()), endAtMs - Date.now()))),
    );
  const count = (error: unknown): void => {
    const kind = String(error).slice(0, 160);
    tally.errors[kind] = (tally.errors[kind] ?? 0) + 1;
  };
  while (Date.now() < endAtMs) {
    try {
      const caller = await stack.caller();
      for (let turn = 1; turn <= turnsPerConversation && Date.now() < endAtMs; turn++) {
        await think();
        if (Date.now() >= endAtMs) break;
        const tookMs = await timed(async () => {
          const reply = await caller.say(`Message ${turn}`);
          if (reply.turn !== turn || reply.status !== 'open')
            throw new Error(`turn ${turn} was answered as ${reply.turn}, ${reply.status}`);
        });
        tally.tookMs.push(tookMs);
      }
      await caller.end();
    } catch (error) {
      count(error);
      await think();
    }
  }
}
