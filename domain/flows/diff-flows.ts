import { withoutMarker } from './deploy-marker.js';
import { containerOf, nodesById, titleOf, type FlowNode } from './flow-node.js';
import { canonicalJson, contentOf } from './node-content.js';
import { restartedNodes, type DeploymentType } from './restarted-nodes.js';
import { routeClashes, type RouteClash } from './routes.js';
import { credentialNeeds, type CredentialNeed } from './substitute-environment.js';

/** One node of a diff, with the words that an operator knows it by. */
export interface DiffNode {
  readonly nodeId: string;
  readonly tabId: string | null;
  readonly title: string;
}

export interface ChangedProperty {
  readonly property: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ChangedNode extends DiffNode {
  readonly properties: readonly ChangedProperty[];
}

/** A tab that is not part of the deployment and on which something restarts all the same. */
export interface AffectedTab {
  readonly tabId: string | null;
  readonly title: string;
  readonly restarted: number;
}

/** What a deployment would do to an instance. No secret is in it. */
export interface FlowDiff {
  readonly added: readonly DiffNode[];
  readonly changed: readonly ChangedNode[];
  readonly removed: readonly DiffNode[];
  /** Only place, order of keys or written-out defaults differ: nothing restarts. */
  readonly movedOnly: readonly DiffNode[];
  /** Nodes that stay and are stopped and started once. */
  readonly restarted: readonly DiffNode[];
  readonly otherTabs: readonly AffectedTab[];
  readonly credentialsNeeded: readonly CredentialNeed[];
  readonly routeClashes: readonly RouteClash[];
}

export interface DiffRules {
  readonly type: DeploymentType;
  /** Tabs and definitions that the deployment is about. */
  readonly deployed: ReadonlySet<string>;
  /** Credentials that are set on the target now, by node; those that are there survive by themselves. */
  readonly presence: Readonly<Record<string, readonly string[]>>;
}

/** Compares what an instance holds with what it is to hold, by meaning rather than by bytes (node-red.md 7.11). Our own marker is left out. */
export function diffFlows(
  before: readonly FlowNode[],
  after: readonly FlowNode[],
  rules: DiffRules,
): FlowDiff {
  const was = withoutMarker(before);
  const is = withoutMarker(after);
  const old = nodesById(was);
  const next = nodesById(is);
  const both = is.flatMap((node) => {
    const former = old.get(node.id);
    return former && former !== node && JSON.stringify(former) !== JSON.stringify(node)
      ? [{ former, node }]
      : [];
  });
  const changed = both.filter(({ former, node }) => contentOf(former) !== contentOf(node));
  const moved = both.filter(({ former, node }) => contentOf(former) === contentOf(node));
  const added = is.filter(({ id }) => !old.has(id));
  const restartedIds = restartedNodes(was, is, rules.type);
  const restarted = is.filter(({ id }) => restartedIds.has(id));
  const touched = new Set([...added, ...changed.map(({ node }) => node)].map(({ id }) => id));
  return {
    added: added.map(told),
    changed: changed.map(({ former, node }) => ({
      ...told(node),
      properties: changedProperties(former, node),
    })),
    removed: was.filter(({ id }) => !next.has(id)).map(told),
    movedOnly: moved.map(({ node }) => told(node)),
    restarted: restarted.map(told),
    otherTabs: affectedTabs(restarted, next, rules.deployed),
    credentialsNeeded: credentialNeeds(is.filter(({ id }) => touched.has(id))).filter(
      ({ nodeId, field }) => !rules.presence[nodeId]?.includes(field),
    ),
    routeClashes: routeClashes(is, touched),
  };
}

/** The diff in lines that an operator reads before approving. */
export function wordsOf(diff: FlowDiff): readonly string[] {
  const list = (what: string, nodes: readonly DiffNode[]): readonly string[] =>
    nodes.length === 0
      ? []
      : [`${what}: ${count(nodes.length, 'node')} (${few(nodes.map(({ title }) => title))}).`];
  return [
    ...list('Added', diff.added),
    ...list('Changed', diff.changed),
    ...diff.changed
      .slice(0, shown)
      .map(
        ({ title, properties }) => `  ${title}: ${properties.map(({ property }) => property).join(', ')}.`,
      ),
    ...list('Removed', diff.removed),
    ...(diff.movedOnly.length > 0
      ? [`Moved on the canvas only: ${count(diff.movedOnly.length, 'node')}; nothing restarts for that.`]
      : []),
    ...list('Restarted', diff.restarted),
    ...diff.otherTabs.map(
      ({ title, restarted }) =>
        `Also restarts ${count(restarted, 'node')} on ${title}, which is not part of this deployment.`,
    ),
    ...diff.credentialsNeeded.map(
      ({ nodeId, type, field }) => `Needs the credential ${field} of ${type} ${nodeId}.`,
    ),
    ...diff.routeClashes.map(({ reason }) => `Route clash: ${reason}`),
    ...(diff.added.length + diff.changed.length + diff.removed.length === 0
      ? ['Nothing that matters changes.']
      : []),
  ];
}

const shown = 20;

const few = (titles: readonly string[]): string =>
  titles.length > shown
    ? `${titles.slice(0, shown).join(', ')} and ${titles.length - shown} more`
    : titles.join(', ');

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const told = (node: FlowNode): DiffNode => ({
  nodeId: node.id,
  tabId: node.type === 'tab' || node.type === 'subflow' ? node.id : (containerOf(node) ?? null),
  title: titleOf(node),
});

/** Property by property, texts as they are (code is read line by line), everything else as JSON. Secrets are redacted by name. */
function changedProperties(before: FlowNode, after: FlowNode): readonly ChangedProperty[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => key !== 'credentials' && key !== 'x' && key !== 'y')
    .filter((key) => canonicalJson(before[key] ?? null) !== canonicalJson(after[key] ?? null))
    .map((property) => ({
      property,
      before: valueText(property, before[property]),
      after: valueText(property, after[property]),
    }));
}

/** Real flows hold passwords in plain properties of contributed nodes (node-red.md 7.10). */
const secretName = /pass|secret|token|api_?key|auth|private/i;

function valueText(property: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (secretName.test(property)) return '[redacted]';
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (key, inner: unknown) => (secretName.test(key) ? '[redacted]' : inner));
}

function affectedTabs(
  restarted: readonly FlowNode[],
  next: ReadonlyMap<string, FlowNode>,
  deployed: ReadonlySet<string>,
): readonly AffectedTab[] {
  const counts = new Map<string | null, number>();
  for (const node of restarted) {
    const tabId = containerOf(node) ?? null;
    if (tabId !== null && deployed.has(tabId)) continue;
    if (tabId === null && deployed.has(node.id)) continue;
    counts.set(tabId, (counts.get(tabId) ?? 0) + 1);
  }
  return [...counts].map(([tabId, number]) => {
    const tab = tabId === null ? undefined : next.get(tabId);
    return {
      tabId,
      title: tabId === null ? 'the global config nodes' : tab ? titleOf(tab) : `tab ${tabId}`,
      restarted: number,
    };
  });
}
