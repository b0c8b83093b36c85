import { randomUUID } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import { expectedLive } from '../domain/flows/expected-live.js';
import type { FlowNode } from '../domain/flows/flow-node.js';
import { openDesk } from '../test/kit/desk.js';
import { deployerOf } from '../test/kit/deployments.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../test/kit/node-red-admin.js';
import { NodeRedApi } from '../test/kit/node-red-api.js';
import { startNodeRed } from '../test/kit/node-red-server.js';
import { startStack } from '../test/kit/stack.js';
import { findTemporalCli } from '../worker/temporal-cli/find.js';
import type { BenchResult } from './main.js';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const nodes = Number(process.env['BENCH_NODES'] ?? 1_000);

/**
 * A deployment of 1,000 function nodes beside 1,000 of others through the API, from the request to the named outcome, against the bare POST of the
 * same flows with the wait until they live; in alternation on one Node-RED.
 */
export async function nodeRedDeploy(): Promise<BenchResult> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  const server = await startNodeRed();
  try {
    const admin = nodeRedAdmin(server.url);
    const api = new NodeRedApi(server.url);
    const deployer = deployerOf(await openDesk(stack));
    const targetId = await deployer.target([{ name: 'main', url: server.url }]);
    const others = tabOfFunctions('others', nodes, 'others');
    const bareMs: number[] = [];
    const durableMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await admin.deploy(others);
      const bare = tabOfFunctions('ours', nodes, randomUUID());
      const bareAt = performance.now();
      const { rev } = await api.flows();
      await api.post([...others, ...bare], { rev });
      await allLive(admin, bare);
      bareMs.push(performance.now() - bareAt);

      await admin.deploy(others);
      const artifact = await deployer.artifact(tabOfFunctions('ours', nodes, randomUUID()));
      const durableAt = performance.now();
      const { outcome } = await deployer.deploy(targetId, { artifact });
      durableMs.push(performance.now() - durableAt);
      if (outcome !== 'deployed')
        return { figures: {}, problems: [`A deployment ended as ${String(outcome)}.`] };
      report(
        `round ${round + 1}: bare ${bareMs.at(-1)?.toFixed(0)} ms, durable ${durableMs.at(-1)?.toFixed(0)} ms`,
      );
    }
    const [bare, durable] = [median(bareMs), median(durableMs)];
    return {
      figures: {
        nodes,
        rounds,
        bareMs: Math.round(bare),
        durableMs: Math.round(durable),
        goalMs: Math.round(2 * bare + 500),
        machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, load: loadavg()[0] },
      },
      problems: [],
    };
  } finally {
    await server.remove();
    await stack.stop();
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** Chains of ten functions; `text` makes every round's code another one. */
function tabOfFunctions(tabId: string, count: number, text: string): readonly FlowNode[] {
  return [
    { id: tabId, type: 'tab', label: tabId, disabled: false, info: '', env: [] },
    ...Array.from({ length: count }, (_, index): FlowNode => ({
      id: `${tabId}-${index}`,
      type: 'function',
      z: tabId,
      name: `step ${index}`,
      func: `// ${text}\nreturn msg;`,
      outputs: 1,
      timeout: 0,
      noerr: 0,
      initialize: '',
      finalize: '',
      libs: [],
      x: 100 + (index % 10) * 150,
      y: 40 + Math.floor(index / 10) * 40,
      wires: [index % 10 === 9 || index === count - 1 ? [] : [`${tabId}-${index + 1}`]],
    })),
  ];
}

/** The same proof that a deployment asks for: every node, a few at a time. */
async function allLive(admin: NodeRedAdmin, flows: readonly FlowNode[]): Promise<void> {
  let waiting = expectedLive(flows).slice(0, 500);
  while (waiting.length > 0) {
    const batch = waiting.slice(0, 20);
    const live = await Promise.all(batch.map((id) => admin.isLive(id)));
    const dead = batch.filter((_, index) => !live[index]);
    waiting = [...waiting.slice(20), ...dead];
  }
}
