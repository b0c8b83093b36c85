import type { FlowNode } from '../../domain/flows/flow-node.js';

export interface FlowPlan {
  readonly tabs: number;
  readonly nodesPerTab: number;
  /** Groups in groups on each tab. */
  readonly groupDepth: number;
  /** Definitions, each but the first holding an instance of the one before. */
  readonly subflowDepth: number;
  /** One config node that a node on every tab uses. */
  readonly sharedConfig: boolean;
  /** Prefix of all ids, so that two sets can stand side by side. */
  readonly prefix: string;
}

const smallPlan: FlowPlan = {
  tabs: 2,
  nodesPerTab: 4,
  groupDepth: 2,
  subflowDepth: 2,
  sharedConfig: true,
  prefix: 'a',
};

/**
 * Flows that Node-RED's core palette can start, valid by all our rules: chains of nodes, one of them named like its own id and one with empty
 * credentials on each tab.
 */
export function generatedFlows(given: Partial<FlowPlan> = {}): readonly FlowNode[] {
  const plan = { ...smallPlan, ...given };
  const definitions = range(plan.subflowDepth).flatMap((level) => definition(plan, level));
  const tabs = range(plan.tabs).flatMap((tab) => tabOf(plan, tab));
  return [...definitions, ...(plan.sharedConfig ? [sharedConfig(plan)] : []), ...tabs];
}

export const sharedConfigId = (prefix: string): string => hexId(prefix, 'config', 0);
export const tabId = (prefix: string, tab: number): string => hexId(prefix, 'tab', tab);
export const nodeId = (prefix: string, tab: number, node: number): string =>
  hexId(prefix, `node${tab}`, node);
export const definitionId = (prefix: string, level: number): string => hexId(prefix, 'definition', level);

/** A tls-config: a core config node that connects to nothing. */
const sharedConfig = ({ prefix }: FlowPlan): FlowNode => ({
  id: sharedConfigId(prefix),
  type: 'tls-config',
  name: 'shared',
  cert: '',
  key: '',
  ca: '',
  certname: '',
  keyname: '',
  caname: '',
  servername: '',
  verifyservercert: true,
  alpnprotocol: '',
});

function definition({ prefix }: FlowPlan, level: number): readonly FlowNode[] {
  const id = definitionId(prefix, level);
  const inner = hexId(prefix, `inner${level}`, 0);
  const instance = hexId(prefix, `instance${level}`, 0);
  const last = level > 0 ? instance : inner;
  return [
    {
      id,
      type: 'subflow',
      name: `Subflow ${level}`,
      info: '',
      in: [{ x: 40, y: 40, wires: [{ id: inner }] }],
      out: [{ x: 400, y: 40, wires: [{ id: last, port: 0 }] }],
      env: [],
    },
    functionNode(inner, id, 'return msg;', level > 0 ? [instance] : []),
    ...(level > 0
      ? [
          {
            id: instance,
            type: `subflow:${definitionId(prefix, level - 1)}`,
            z: id,
            name: '',
            x: 200,
            y: 40,
            wires: [[]],
          },
        ]
      : []),
  ];
}

function tabOf(plan: FlowPlan, tab: number): readonly FlowNode[] {
  const { prefix, nodesPerTab, groupDepth, subflowDepth } = plan;
  const z = tabId(prefix, tab);
  const inGroup = groupDepth > 0 ? hexId(prefix, `group${tab}`, groupDepth - 1) : undefined;
  const chain = range(nodesPerTab).map((number): FlowNode => {
    const id = nodeId(prefix, tab, number);
    const next = number + 1 < nodesPerTab ? [nodeId(prefix, tab, number + 1)] : [];
    const node = functionNode(id, z, 'return msg;', next);
    if (number === 0) return { ...node, name: id, ...(inGroup === undefined ? {} : { g: inGroup }) };
    if (number === 1 && plan.sharedConfig)
      return {
        id,
        type: 'http request',
        z,
        name: '',
        method: 'GET',
        ret: 'txt',
        paytoqs: 'ignore',
        url: 'http://127.0.0.1:9/',
        tls: sharedConfigId(prefix),
        credentials: {},
        x: 200,
        y: 80,
        wires: [next],
      };
    if (number === 2 && subflowDepth > 0)
      return {
        id,
        type: `subflow:${definitionId(prefix, subflowDepth - 1)}`,
        z,
        name: '',
        x: 300,
        y: 80,
        wires: [next],
      };
    return node;
  });
  const groups = range(groupDepth).map((level): FlowNode => ({
    id: hexId(prefix, `group${tab}`, level),
    type: 'group',
    z,
    ...(level > 0 ? { g: hexId(prefix, `group${tab}`, level - 1) } : {}),
    name: `Group ${level}`,
    style: { label: true },
    nodes: [level + 1 < groupDepth ? hexId(prefix, `group${tab}`, level + 1) : nodeId(prefix, tab, 0)],
    x: 10,
    y: 10,
    w: 200,
    h: 100,
  }));
  return [
    { id: z, type: 'tab', label: `Tab ${tab}`, disabled: false, info: '', env: [] },
    ...groups,
    ...chain,
  ];
}

const functionNode = (id: string, z: string, func: string, next: readonly string[]): FlowNode => ({
  id,
  type: 'function',
  z,
  name: '',
  func,
  outputs: 1,
  timeout: 0,
  noerr: 0,
  initialize: '',
  finalize: '',
  libs: [],
  x: 100,
  y: 80,
  wires: [next],
});

/** Sixteen hexadecimal digits as the editor makes them, but always the same ones. */
function hexId(prefix: string, kind: string, number: number): string {
  let hash = 0n;
  for (const character of `${prefix}/${kind}/${number}`) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 1_099_511_628_211n + 7n);
  }
  return hash.toString(16).padStart(16, '0');
}

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
