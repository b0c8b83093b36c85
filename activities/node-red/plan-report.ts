import type { PlanReport } from '../../domain/deployment/plan.js';
import type { TargetSettings } from '../../domain/deployment/target.js';
import { withoutMarker } from '../../domain/flows/deploy-marker.js';
import { diffFlows, wordsOf } from '../../domain/flows/diff-flows.js';
import { containerOf, nodesById, type FlowNode } from '../../domain/flows/flow-node.js';
import { errorsOf, type FlowProblem } from '../../domain/flows/flow-problem.js';
import { validateFlows } from '../../domain/flows/validate-flows.js';
import { syntaxErrorOf } from '../../platform/function-syntax.js';
import type { BackupFacts } from './backup.js';
import type { Placed } from './place-flows.js';

/** Ids of nodes that are added, changed in any byte, or removed. */
export function touchedIds(base: readonly FlowNode[], flows: readonly FlowNode[]): readonly string[] {
  const before = nodesById(withoutMarker(base));
  const after = nodesById(flows);
  return [
    ...[...after.values()].flatMap((node) => {
      const old = before.get(node.id);
      return old && (old === node || JSON.stringify(old) === JSON.stringify(node)) ? [] : [node.id];
    }),
    ...[...before.keys()].filter((id) => !after.has(id)),
  ];
}

/** Reasons shown of a refusal; more would not be read. */
const reasonsShown = 30;

/** Errors keep the flows from being sent, warnings are shown. */
export function judge(
  { flows, problems }: Placed,
  base: readonly FlowNode[],
  { types, maxBodyBytes }: BackupFacts,
  { allowedModules, forbiddenTypes }: TargetSettings,
): { readonly reasons: readonly string[]; readonly warnings: readonly string[] } {
  const found = [
    ...problems,
    ...validateFlows(flows, {
      palette: new Set(types),
      base,
      forbiddenTypes: new Set(forbiddenTypes),
      allowedModules: new Set(allowedModules),
      syntaxErrorOf,
      maxBytes: maxBodyBytes,
    }),
  ];
  return {
    reasons: errorsOf(found).slice(0, reasonsShown).map(sentence),
    warnings: found.filter(({ severity }) => severity === 'warning').map(sentence),
  };
}

const sentence = ({ reason }: FlowProblem): string => reason;

/** What a person reads before saying yes. */
export function reportOf(
  { flows, owned }: Placed,
  base: readonly FlowNode[],
  facts: BackupFacts,
  type: 'flows' | 'full',
  warnings: readonly string[],
): PlanReport {
  const ids = new Set(owned);
  const deployed = new Set(
    flows.filter(({ id }) => ids.has(id)).flatMap((node) => [node.id, containerOf(node) ?? node.id]),
  );
  const diff = diffFlows(base, flows, { type, deployed, presence: facts.presence ?? {} });
  return { diff, words: wordsOf(diff), warnings };
}
