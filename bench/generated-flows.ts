import { cpus, loadavg } from 'node:os';
import { expectedLive } from '../domain/flows/expected-live.js';
import type { FlowNode } from '../domain/flows/flow-node.js';
import { openDesk } from '../test/kit/desk.js';
import { deployerOf, type Deployer, type DeploymentNow } from '../test/kit/deployments.js';
import { generatedFlows, tabId, type FlowPlan } from '../test/kit/generated-flows.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../test/kit/node-red-admin.js';
import { startNodeRed, type NodeRedServer } from '../test/kit/node-red-server.js';
import { startStack } from '../test/kit/stack.js';
import { findTemporalCli } from '../worker/temporal-cli/find.js';
import type { BenchResult } from './main.js';

/** Each tab has a node named like its id and one with `credentials: {}`. */
const shapes: Readonly<Record<string, Partial<FlowPlan>>> = {
  'fifty tabs that share a config node, 5,000 nodes': { tabs: 50, nodesPerTab: 100 },
  'one tab of 5,000 nodes': { tabs: 1, nodesPerTab: 5_000 },
  'groups in groups, forty deep': { tabs: 10, nodesPerTab: 20, groupDepth: 40 },
  'subflows in subflows, forty deep': { tabs: 10, nodesPerTab: 20, subflowDepth: 40 },
};

interface Scene {
  readonly deployer: Deployer;
  readonly targets: { readonly from: string; readonly to: string };
  readonly instances: { readonly from: NodeRedAdmin; readonly to: NodeRedAdmin };
  readonly problems: string[];
}

/**
 * Generated flows of extreme shapes through the API: deployed, deployed again, copied to a second instance, rolled back. Tells what each and
 * its steps take, in ms; fails when one ends otherwise, when a node does not live, or when the way back does not lead to what was there.
 */
export async function generatedFlowsBench(args: readonly string[]): Promise<BenchResult> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  const servers: NodeRedServer[] = [];
  try {
    servers.push(await startNodeRed(), await startNodeRed());
    const [first, second] = servers.map(({ url }) => url) as [string, string];
    const deployer = deployerOf(await openDesk(stack));
    const scene: Scene = {
      deployer,
      targets: {
        from: await deployer.target([{ name: 'main', url: first }]),
        to: await deployer.target([{ name: 'main', url: second }]),
      },
      instances: { from: nodeRedAdmin(first), to: nodeRedAdmin(second) },
      problems: [],
    };
    const rows: object[] = [];
    const wanted = Object.entries(shapes).filter(([shape]) => shape.includes(args[0] ?? ''));
    for (const [shape, plan] of wanted) {
      const row = { shape, ...(await roundTrip(scene, shape, plan)) };
      report(JSON.stringify(row));
      rows.push(row);
    }
    const machine = {
      cpus: cpus().length,
      model: cpus()[0]?.model,
      node: process.version,
      load: loadavg()[0],
    };
    return { figures: { shapes: rows, machine }, problems: scene.problems };
  } finally {
    await Promise.all(servers.map((server) => server.remove()));
    await stack.stop();
  }
}

async function roundTrip(
  { deployer, targets, instances, problems }: Scene,
  shape: string,
  plan: Partial<FlowPlan>,
): Promise<object> {
  await instances.from.deploy([]);
  await instances.to.deploy([]);
  const flows = generatedFlows({ ...plan, prefix: shape });
  const artifact = await deployer.artifact(flows, shape);
  const run = async (wanted: string, targetId: string, source: object): Promise<DeploymentNow & Timed> => {
    const from = performance.now();
    const done = await deployer.deploy(targetId, source);
    const totalMs = Math.round(performance.now() - from);
    if (done.outcome !== wanted)
      problems.push(`${shape}: ended as ${String(done.outcome)}: ${done.detail ?? ''}`);
    return { ...done, times: { totalMs, ...stepsOf(done) } };
  };
  const deployed = await run('deployed', targets.from, { artifact });
  await mustLive(instances.from, flows, `${shape}, deployed`, problems);
  const again = await run('unchanged', targets.from, { artifact });
  const tabs = Array.from({ length: plan.tabs ?? 1 }, (_, index) => tabId(shape, index));
  const copied = await run('deployed', targets.to, { copy: { targetId: targets.from, tabs } });
  await mustLive(instances.to, (await instances.to.flows()).flows, `${shape}, copied`, problems);
  const back = await run('deployed', targets.from, { backup: deployed.plans[0]?.backupId });
  const left = (await instances.from.flows()).flows.filter(({ id }) => id !== 'chairside-deploy');
  if (left.length > 0) problems.push(`${shape}: ${left.length} nodes are left after the way back.`);
  return {
    nodes: flows.length,
    deploy: deployed.times,
    again: again.times,
    copy: copied.times,
    back: back.times,
  };
}

interface Timed {
  readonly times: Readonly<Record<string, number>>;
}

/** How long each step at the instance took, from its first to its last word. */
function stepsOf({ events }: DeploymentNow): Readonly<Record<string, number>> {
  const spans = new Map<string, readonly number[]>();
  for (const { step, instance, atMs } of events)
    if (instance !== null) spans.set(step, [...(spans.get(step) ?? []), atMs]);
  return Object.fromEntries([...spans].map(([step, at]) => [`${step}Ms`, Math.max(...at) - Math.min(...at)]));
}

async function mustLive(
  admin: NodeRedAdmin,
  flows: readonly FlowNode[],
  what: string,
  problems: string[],
): Promise<void> {
  const dead: string[] = [];
  for (const id of expectedLive(flows)) if (!(await admin.isLive(id))) dead.push(id);
  if (dead.length > 0) problems.push(`${what}: ${dead.length} nodes do not live, ${dead[0] ?? ''} first.`);
}
