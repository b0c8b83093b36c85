import { createHash } from 'node:crypto';
import type { DeploymentOptions, DeploymentSource } from '../../domain/deployment/deployment.js';
import { bindConfigs, equalConfigs } from '../../domain/flows/bind-configs.js';
import { withoutMarker } from '../../domain/flows/deploy-marker.js';
import { sharedClientIds } from '../../domain/flows/exclusive-resources.js';
import { closureOf, tabIdsOf } from '../../domain/flows/flow-closure.js';
import { without, type FlowNode } from '../../domain/flows/flow-node.js';
import type { FlowProblem } from '../../domain/flows/flow-problem.js';
import { mergeFlows, withoutParked } from '../../domain/flows/merge-flows.js';
import { remapIds } from '../../domain/flows/remap-ids.js';
import { rewriteProperties } from '../../domain/flows/rewrite-properties.js';
import { substitute } from '../../domain/flows/substitute-environment.js';

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Placing {
  readonly tenantId: string;
  readonly targetId: string;
  readonly base: readonly FlowNode[];
  readonly source: readonly FlowNode[];
  readonly from: DeploymentSource;
  readonly options: DeploymentOptions;
  /** Ids that the former deployment of the same source put there. */
  readonly owned: ReadonlySet<string>;
  /** Nodes of the target that have credentials. */
  readonly withCredentials: ReadonlySet<string>;
}

export interface Placed {
  /** What the instance is to hold, without a marker. */
  readonly flows: readonly FlowNode[];
  /** Ids that this source has there afterwards. */
  readonly owned: readonly string[];
  readonly problems: readonly FlowProblem[];
  /** Id in the source -> id there; the same id where nothing is renamed. */
  readonly idIn: (sourceId: string) => string;
}

/** Puts a source into what an instance holds: a backup as it was, an artefact under its own ids, a copy under ids of this target. */
export function placeFlows(placing: Placing): Placed {
  const { base, source, from, options, owned, withCredentials } = placing;
  if (from.kind === 'backup') {
    const flows = withoutMarker(source);
    return { flows, owned: flows.map(({ id }) => id), problems: [], idIn: (id) => id };
  }
  const held = withoutMarker(base);
  const rewritten = rewriteProperties(withoutMarker(source), options.rewrite);
  const bound = bindConfigs(rewritten.flows, held, options.bindings);
  const copy = from.kind === 'copy' ? renamed(placing, bound.flows, from) : null;
  const idIn = (id: string): string => copy?.idMap[id] ?? id;
  const renamedFlows = copy?.flows ?? bound.flows.map((node) => without(['credentials'], node));
  const { flows: incoming, problems: substitution } = substitute(renamedFlows, options);
  // What the former deployment parked has been confirmed by now: it goes.
  const parkable = new Set(
    [...withCredentials].filter((id) => withoutParked(held).some((node) => node.id === id)),
  );
  const merged = mergeFlows({ base: held, incoming, owned, withCredentials: parkable });
  const there = new Set(merged.flows.map(({ id }) => id));
  return {
    flows: merged.flows,
    owned: incoming.map(({ id }) => id).filter((id) => there.has(id)),
    problems: [
      ...rewritten.problems,
      ...bound.problems,
      ...(copy?.warnings ?? []),
      ...substitution,
      ...merged.problems,
      ...(copy ? sharedClientIds(source, incoming) : []),
      ...equalConfigs(bound.flows, held, idIn),
    ],
    idIn,
  };
}

const renamed = (
  { tenantId, targetId }: Placing,
  source: readonly FlowNode[],
  from: Extract<DeploymentSource, { kind: 'copy' }>,
): ReturnType<typeof remapIds> =>
  remapIds(closureOf(source, tabIdsOf(source)), {
    // Two sources may hold the same ids; each has its own copy.
    targetScope: [tenantId, targetId, from.tenantId, from.targetId].join('/'),
    sha256Hex,
  });

/** Names one source across its versions, so that what a newer one no longer has can go. */
export function sourceKeyOf(from: DeploymentSource, artifactName: string | null): string {
  switch (from.kind) {
    case 'artifact':
      return `artifact/${artifactName ?? from.hash}`;
    case 'backup':
      return 'backup';
    case 'copy':
      return `copy/${from.tenantId}/${from.targetId}/${[...from.tabs].sort().join(',')}`;
  }
}
