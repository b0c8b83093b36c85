import type { FlowNode } from '../../domain/flows/flow-node.js';

/** The admin API of an open Node-RED, as a colleague with an editor uses it. It shares no code with the product's client. */
export interface NodeRedAdmin {
  flows(): Promise<{ readonly rev: string; readonly flows: readonly FlowNode[] }>;
  /** Deploys on the current revision; gives the new one. */
  deploy(flows: readonly FlowNode[]): Promise<string>;
  /** Numbers in global context: how often counting nodes were started and stopped. */
  counters(): Promise<Readonly<Record<string, number>>>;
  isLive(id: string): Promise<boolean>;
  /** Whether a password field of a node is set. */
  hasCredential(type: string, id: string, field: string): Promise<boolean>;
}

export function nodeRedAdmin(url: string): NodeRedAdmin {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      headers: { accept: 'application/json', 'Node-RED-API-Version': 'v2' },
    });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return response.json();
  };
  const flows: NodeRedAdmin['flows'] = async () =>
    (await get('/flows')) as Awaited<ReturnType<NodeRedAdmin['flows']>>;
  return {
    flows,
    deploy: async (next) => {
      const { rev } = await flows();
      const response = await fetch(`${url}/flows`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'Node-RED-API-Version': 'v2',
          'Node-RED-Deployment-Type': 'flows',
        },
        body: JSON.stringify({ flows: next, rev }),
      });
      if (!response.ok) throw new Error(`POST /flows: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { rev: string }).rev;
    },
    counters: async () => {
      const { memory = {} } = (await get('/context/global')) as {
        memory?: Record<string, { msg: string; format: string }>;
      };
      return Object.fromEntries(
        Object.entries(memory)
          .filter(([, { format }]) => format === 'number')
          .map(([key, { msg }]) => [key, Number(msg)]),
      );
    },
    hasCredential: async (type, id, field) =>
      ((await get(`/credentials/${type}/${id}`)) as Record<string, unknown>)[`has_${field}`] === true,
    isLive: async (id) => Object.keys((await get(`/context/node/${id}?keysOnly`)) as object).length > 0,
  };
}
