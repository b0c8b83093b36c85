import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDesk, type Desk } from '../../test/kit/desk.js';
import { freePort, inRepository, startChild } from '../../test/kit/child.js';
import { startStack } from '../../test/kit/stack.js';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';
import type { BenchResult } from '../main.js';
import { ratio } from '../percentiles.js';
import { lookAt, useSince } from '../process-use.js';
import { readAtTheFloor, type FloorSource } from './floor.js';
import { inventedRange, inventedTraces, observationsPerTrace } from './invented-traces.js';
import { readMillions } from './read-millions.js';

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const authorization = `Basic ${Buffer.from('pk-lf-proj1:sk-lf-proj1').toString('base64')}`;
const tracesOfOneOrder = 1_000;

/** An incremental run that finds nothing new may ask so often (issue 5). */
const mostRequests = 4;

/**
 * The import of many observations by the real worker, between two runs of the least that an import can do; then a run that finds nothing
 * new; then what the operators' pages cost with many traces in the store. Fails when what was imported is not what the double holds, or
 * a run with nothing new asks too often.
 */
export async function importBench(args: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      observations: { type: 'string', default: '100000' },
      api: { type: 'string', default: 'v2' },
      traces: { type: 'string', default: '1000000' },
    },
  });
  const api = values.api === 'v1' ? 'v1' : 'v2';
  const reading = await importAgainstFloor(api, Number(values.observations));
  const pages = await readMillions(Number(values.traces), report);
  return {
    figures: {
      api,
      ...reading.figures,
      ...pages,
      machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, load: loadavg()[0] },
    },
    problems: reading.problems,
  };
}

async function importAgainstFloor(api: 'v1' | 'v2', wanted: number): Promise<BenchResult> {
  const port = await freePort();
  const mode = api === 'v1' ? 'dual' : 'events_only';
  const double = await startChild(
    process.execPath,
    [inRepository('dist/simulators/langfuse/main.js'), '--port', String(port), '--mode', mode],
    { env: { PATH: process.env['PATH'] }, ready: (output) => output.includes('"ready"') },
  );
  try {
    return await measure(api, wanted, `http://127.0.0.1:${port}`);
  } finally {
    await double.stop();
  }
}

async function measure(api: 'v1' | 'v2', wanted: number, url: string): Promise<BenchResult> {
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  try {
    const nowMs = Date.now();
    const traces = inventedTraces(Math.ceil(wanted / observationsPerTrace), nowMs);
    for (let start = 0; start < traces.length; start += tracesOfOneOrder)
      await order(url, 'POST', '/traces', { traces: traces.slice(start, start + tracesOfOneOrder) });
    const observations = traces.length * observationsPerTrace;
    report(`${observations} observations are there, load ${String(loadavg()[0])}`);

    const source: FloorSource = { url, authorization, nowMs, observations };
    const floor = (name: string) => readAtTheFloor(api, source, path.join(stack.folder, `${name}.db`));
    // The double answers slowly until it is warm.
    await floor('floor-warm');
    const before = await floor('floor-before');
    report(`floor: ${Math.round(before)} rows/s`);

    const desk = await openDesk(stack);
    const restMb = rest(stack.worker.pid());
    const look = lookAt(stack.worker.pid());
    const requestsBefore = await requests(url);
    const startedAtMs = Date.now();
    const configId = await configure(desk, url, inventedRange(nowMs).fromMs);
    const run = await caughtUp(desk, configId, 0);
    const seconds = (run.atMs - startedAtMs) / 1_000;
    const worker = useSince(look, stack.worker.pid());
    const imported = run.observations / seconds;
    report(`import: ${Math.round(imported)} rows/s, peak ${worker.peakMemoryMb} MB`);
    const asked = (await requests(url)) - requestsBefore;

    const after = await floor('floor-after');
    report(`floor: ${Math.round(after)} rows/s`);

    const quietBefore = await requests(url);
    const quietAtMs = Date.now();
    await desk.call('POST', `/api/langfuse-configs/${configId}/trigger`, {});
    const quiet = await caughtUp(desk, configId, quietAtMs);
    const quietRequests = (await requests(url)) - quietBefore;

    const truth = (await order(url, 'GET', '/truth')) as { traces: number; observations: number };
    const problems = [
      ...(run.outcome === 'caughtUp' && quiet.outcome === 'caughtUp' ? [] : ['A run did not catch up.']),
      ...(run.traces === truth.traces && run.observations === truth.observations
        ? []
        : [`${run.traces} traces and ${run.observations} observations of ${JSON.stringify(truth)}`]),
      ...(quietRequests > mostRequests ? [`${quietRequests} requests for nothing new.`] : []),
    ];
    return {
      figures: {
        observations,
        floorRowsPerSecond: [Math.round(before), Math.round(after)],
        rowsPerSecond: Math.round(imported),
        ofFloor: ratio(imported, (before + after) / 2),
        requests: asked,
        quietRequests,
        restMb,
        worker,
      },
      problems,
    };
  } finally {
    await stack.stop();
  }
}

async function order(url: string, method: string, where: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/admin${where}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${where}: ${response.status}`);
  return response.json();
}

const requests = async (url: string): Promise<number> =>
  ((await order(url, 'GET', '/requests?path=/none')) as { total: number }).total;

/** What the worker holds before it begins; its peak is counted from here on. Linux only. */
function rest(pid: number): number {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}

async function configure(desk: Desk, host: string, fromMs: number): Promise<string> {
  const { status, body } = await desk.call('POST', '/api/langfuse-configs', {
    name: 'bench',
    host,
    publicKey: 'pk-lf-proj1',
    secretKey: 'sk-lf-proj1',
    importFrom: new Date(fromMs - 60_000).toISOString(),
  });
  if (status !== 201) throw new Error(`No configuration: ${JSON.stringify(body)}`);
  return (body['config'] as { configId: string }).configId;
}

interface Run {
  readonly outcome: string;
  readonly atMs: number;
  readonly traces: number;
  readonly observations: number;
}

/** The first run that ended after `afterMs`, and what is stored. */
async function caughtUp(desk: Desk, configId: string, afterMs: number): Promise<Run> {
  for (;;) {
    const { body } = await desk.call('GET', `/api/langfuse-configs/${configId}`);
    const run = body['lastRun'] as Pick<Run, 'outcome' | 'atMs'> | null;
    if (run && run.atMs > afterMs)
      return { ...run, ...(body['stored'] as Pick<Run, 'traces' | 'observations'>) };
    // The page counts what is stored, which would slow down a store that is being filled.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
