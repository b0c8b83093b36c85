import { canonicalJson } from './node-content.js';
import { resourceClashes } from './exclusive-resources.js';
import { nodesById, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { routeClashes } from './routes.js';
import { validateCode, validateEnvironment, type SyntaxErrorOf } from './validate-code.js';
import { validateCredentials } from './validate-credentials.js';
import { validateGraphs } from './validate-graphs.js';
import { validatePolicy, validateShape, validateTypes } from './validate-shape.js';

export interface ValidationRules {
  /** Types that the target can start (`/nodes`: enabled, without `err`); null = not known yet, as on an upload. */
  readonly palette: ReadonlySet<string> | null;
  /** What the instance holds now: flaws that are there already are warnings, poison excepted. Empty for an artefact. */
  readonly base: readonly FlowNode[];
  readonly forbiddenTypes: ReadonlySet<string>;
  /** Packages that function nodes may ask for. */
  readonly allowedModules: ReadonlySet<string>;
  readonly syntaxErrorOf: SyntaxErrorOf;
  /** Bytes that the target takes (`apiMaxLength`). */
  readonly maxBytes: number;
}

/** `apiMaxLength` of Node-RED where nothing is set. */
export const defaultMaxBytes = 5 * 1024 * 1024;

/** Rules whose breach stops, hangs or kills the whole instance: they block wherever the flaw comes from (node-red.md 4.2). */
const poison: ReadonlySet<string> = new Set([
  'unknownType',
  'missingSubflow',
  'brokenGroup',
  'groupCycle',
  'recursiveSubflow',
  'configCycle',
  'badCredentials',
]);

/**
 * Everything that must be right before flows are sent (node-red.md 4.2, 10.6), in the order of the rules. Flaws that the instance has already are
 * told as warnings, since refusing them would forbid every deployment there; only poison still blocks.
 */
export function validateFlows(flows: readonly FlowNode[], rules: ValidationRules): readonly FlowProblem[] {
  const { base } = rules;
  const baseById = nodesById(base);
  const isOld = (id: string | null): boolean => {
    const before = id === null ? undefined : baseById.get(id);
    return before !== undefined && canonicalJson(before) === canonicalJson(byId.get(id ?? ''));
  };
  const byId = nodesById(flows);
  const ours = new Set(flows.map(({ id }) => id).filter((id) => !isOld(id)));
  const problems = [
    ...validateShape(flows),
    ...validateTypes(flows, rules.palette),
    ...validatePolicy(flows, rules.forbiddenTypes, rules.allowedModules),
    ...validateGraphs(flows),
    ...validateCredentials(flows),
    ...validateCode(flows, rules.syntaxErrorOf),
    ...validateEnvironment(flows),
    ...clashes(flows, ours),
    ...resourceClashes(flows, ours),
    ...tooLarge(flows, rules.maxBytes),
  ];
  return problems.map((problem) =>
    problem.severity === 'error' && !poison.has(problem.rule) && isOld(problem.nodeId)
      ? { ...problem, severity: 'warning', reason: `${problem.reason} It is so on the target already.` }
      : problem,
  );
}

const clashes = (flows: readonly FlowNode[], ours: ReadonlySet<string>): readonly FlowProblem[] =>
  routeClashes(flows, ours).map(({ ours: route, reason }) => ({
    rule: 'routeClash',
    severity: 'error',
    nodeId: route.nodeId,
    tabId: route.tabId,
    property: 'url',
    reason,
  }));

function tooLarge(flows: readonly FlowNode[], maxBytes: number): readonly FlowProblem[] {
  const bytes = utf8Bytes(JSON.stringify({ flows }));
  return bytes < maxBytes
    ? []
    : [
        {
          rule: 'tooLarge',
          severity: 'error',
          nodeId: null,
          tabId: null,
          property: null,
          reason: `The flows have ${bytes} bytes, the target takes ${maxBytes}. Raise apiMaxLength in its settings.`,
        },
      ];
}

/** Length in UTF-8 without encoding it: workflows have no TextEncoder. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
