import { containerOf, isRecord, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';

export type FlowsRead =
  | {
      readonly kind: 'flows';
      readonly flows: readonly FlowNode[];
      /** The `rev` that the file states (v2); it is a claim of the file, not checked. */
      readonly rev: string | null;
      /** What was tolerated and how. */
      readonly warnings: readonly FlowProblem[];
    }
  | { readonly kind: 'unreadable'; readonly problems: readonly FlowProblem[] };

/**
 * Reads an uploaded file: a flows array (v1, an export of the editor) or `{flows, rev}` (v2). Nodes keep their order and their keys. An export of
 * selected nodes names a tab that is not in the file; that tab is added, since a runtime would make a phantom of it.
 */
export function readFlows(text: string): FlowsRead {
  const parsed = parse(text);
  if (parsed === undefined) return unreadable('json', null, 'The file is not valid JSON.');
  const read = readFlowsValue(parsed);
  if (read.kind === 'unreadable') return read;
  const { flows, added } = supplyMissingTabs(read.flows);
  return { ...read, flows, warnings: [...read.warnings, ...added] };
}

/** Reads what `GET /flows` answered (v2, or v1), already parsed. Nothing is added: what others wrote stays as it is. */
export function readFlowsValue(value: unknown): FlowsRead {
  if (Array.isArray(value)) return readNodes(value, null);
  if (!isRecord(value) || !Array.isArray(value['flows'])) {
    return unreadable('shape', null, 'Flows are a JSON array of nodes, or an object with `flows` and `rev`.');
  }
  if (value['credentials'] !== undefined) {
    // As a map it reverts secrets on disk, as a {"$": …} blob it empties the live store (node-red.md 6).
    return unreadable(
      'credentialsMap',
      'credentials',
      'The file carries a credentials map. Remove it: secrets come from the credential store.',
    );
  }
  return readNodes(value['flows'], typeof value['rev'] === 'string' ? value['rev'] : null);
}

function readNodes(items: readonly unknown[], rev: string | null): FlowsRead {
  const problems = items.flatMap((item, index): FlowProblem[] => {
    if (!isRecord(item))
      return [
        problem('shape', null, null, String(index), `Element ${index} is not a node but ${describe(item)}.`),
      ];
    const tabId = typeof item['z'] === 'string' ? item['z'] : null;
    const id = typeof item['id'] === 'string' && item['id'] !== '' ? item['id'] : null;
    return (['id', 'type'] as const)
      .filter((property) => typeof item[property] !== 'string' || item[property] === '')
      .map((property) =>
        problem(
          'shape',
          id,
          tabId,
          property,
          `Element ${index} has no ${property}: ${describe(item[property])} where a text is needed.`,
        ),
      );
  });
  return problems.length > 0
    ? { kind: 'unreadable', problems }
    : { kind: 'flows', flows: items as readonly FlowNode[], rev, warnings: [] };
}

/** Adds a tab for each container that the nodes name and that is not among them, before the first node that names it. */
function supplyMissingTabs(flows: readonly FlowNode[]): {
  readonly flows: readonly FlowNode[];
  readonly added: readonly FlowProblem[];
} {
  const containers = new Set(
    flows.filter(({ type }) => type === 'tab' || type === 'subflow').map(({ id }) => id),
  );
  const added: FlowProblem[] = [];
  const complete = flows.flatMap((node): FlowNode[] => {
    const z = containerOf(node);
    if (z === undefined || containers.has(z)) return [node];
    containers.add(z);
    added.push({
      ...problem(
        'missingTab',
        z,
        z,
        'z',
        `The file has nodes on the tab ${z} but not the tab itself: a tab of that id is added.`,
      ),
      severity: 'warning',
    });
    return [{ id: z, type: 'tab', label: `Imported ${z}`, disabled: false, info: '', env: [] }, node];
  });
  return { flows: complete, added };
}

function parse(text: string): unknown {
  try {
    // A byte order mark is common in files that went through an editor on Windows.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

const unreadable = (rule: string, property: string | null, reason: string): FlowsRead => ({
  kind: 'unreadable',
  problems: [problem(rule, null, null, property, reason)],
});

const problem = (
  rule: string,
  nodeId: string | null,
  tabId: string | null,
  property: string | null,
  reason: string,
): FlowProblem => ({
  rule,
  severity: 'error',
  nodeId,
  tabId,
  property,
  reason,
});

const describe = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : `a ${typeof value}`;
