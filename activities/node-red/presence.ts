import { isRecord, type FlowNode } from '../../domain/flows/flow-node.js';
import type { NodeRedClient } from './client.js';
import { inParallel } from './liveness.js';

/** Which credential fields are set, by node; nodes without any are left out. Null when the instance does not tell. */
export type Presence = Readonly<Record<string, readonly string[]>> | null;

/** Core types that never have credentials: most nodes of real flows, so that only the others are asked about. */
const without: ReadonlySet<string> = new Set(
  (
    'inject debug complete catch status comment function switch change range template delay trigger rbe split join sort batch csv html ' +
    'json xml yaml junction exec unknown'
  ).split(' '),
);
const withoutInWords: ReadonlySet<string> = new Set([
  'link in',
  'link out',
  'link call',
  'http in',
  'http response',
  'file in',
]);

/** Reads it with a few requests at a time. */
export async function readPresence(
  client: Pick<NodeRedClient, 'presence'>,
  flows: readonly FlowNode[],
): Promise<Presence> {
  const asked = flows.filter(mayHaveCredentials);
  const fields = await inParallel(asked, ({ type, id }) => client.presence(type, id));
  if (fields.includes(null)) return null;
  return Object.fromEntries(
    asked.flatMap(({ id }, index) => {
      const set = fields[index] ?? [];
      return set.length > 0 ? [[id, set]] : [];
    }),
  );
}

/** Fields that were set and are not any more, of nodes that are still there. */
export const lostCredentials = (
  before: Presence,
  after: Presence,
  still: ReadonlySet<string>,
): readonly string[] =>
  before === null || after === null
    ? []
    : Object.entries(before)
        .filter(([id, fields]) => still.has(id) && fields.some((field) => !after[id]?.includes(field)))
        .map(([id]) => id);

/** Containers hold them as `env` entries of the type `cred` only. */
function mayHaveCredentials(node: FlowNode): boolean {
  if (
    node.type === 'tab' ||
    node.type === 'group' ||
    node.type === 'subflow' ||
    node.type.startsWith('subflow:')
  ) {
    const env = node['env'];
    return Array.isArray(env) && env.some((entry) => isRecord(entry) && entry['type'] === 'cred');
  }
  return !without.has(node.type) && !withoutInWords.has(node.type);
}
