import { expectedLive } from '../../domain/flows/expected-live.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { NodeRedApi } from './node-red-api.js';

/** An open Node-RED as a colleague with an editor uses it. */
export interface NodeRedAdmin {
  flows(): Promise<{ readonly rev: string; readonly flows: readonly FlowNode[] }>;
  /** Deploys on the current revision and waits until the nodes live: they start after the answer. Throws when it is refused. */
  deploy(flows: readonly FlowNode[]): Promise<void>;
  /** Numbers in global context: how often counting nodes were started and stopped. */
  counters(): Promise<Readonly<Record<string, number>>>;
  isLive(id: string): Promise<boolean>;
  /** Whether a password field of a node is set. */
  hasCredential(type: string, id: string, field: string): Promise<boolean>;
}

export function nodeRedAdmin(url: string): NodeRedAdmin {
  const api = new NodeRedApi(url);
  return {
    flows: () => api.flows(),
    deploy: async (flows) => {
      const { rev } = await api.flows();
      const { status, body } = await api.post(flows, { rev });
      if (status !== 200) throw new Error(`POST /flows: ${status} ${JSON.stringify(body)}`);
      await api.untilLive(expectedLive(flows));
    },
    counters: async () => {
      const { memory = {} } = (await api.get('/context/global')) as {
        memory?: Record<string, { msg: string; format: string }>;
      };
      return Object.fromEntries(
        Object.entries(memory)
          .filter(([, { format }]) => format === 'number')
          .map(([key, { msg }]) => [key, Number(msg)]),
      );
    },
    isLive: async (id) => (await api.live([id])).length === 1,
    hasCredential: async (type, id, field) =>
      ((await api.get(`/credentials/${type}/${id}`)) as Record<string, unknown>)[`has_${field}`] === true,
  };
}
