import { containerOf, definitionOf, isRecord, nodesById, titleOf, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';

/** A problem of one node. */
export const problemOf = (
  node: FlowNode,
  rule: string,
  property: string | null,
  reason: string,
  severity: FlowProblem['severity'] = 'error',
): FlowProblem => ({
  rule,
  severity,
  nodeId: node.id,
  tabId: node.type === 'tab' || node.type === 'subflow' ? node.id : (containerOf(node) ?? null),
  property,
  reason,
});

/** Ids, containers, places, wires and links (node-red.md 3.4, 10.6): what Node-RED accepts with 200 and then runs wrongly or not at all. */
export function validateShape(flows: readonly FlowNode[]): readonly FlowProblem[] {
  const byId = nodesById(flows);
  const seen = new Set<string>();
  return flows.flatMap((node) => {
    const duplicate = seen.has(node.id);
    seen.add(node.id);
    return [
      ...(duplicate
        ? [
            problemOf(
              node,
              'duplicateId',
              'id',
              `The id ${node.id} occurs twice: only the last of both would run.`,
            ),
          ]
        : []),
      ...containerProblems(node, byId),
      ...wireProblems(node, byId),
      ...linkProblems(node, byId),
      ...scopeProblems(node, byId),
    ];
  });
}

function containerProblems(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly FlowProblem[] {
  if (node.type === 'tab' || node.type === 'subflow') return [];
  const z = node['z'];
  const placed = Object.hasOwn(node, 'x') || Object.hasOwn(node, 'y');
  if (z === undefined || z === '' || z === null) {
    return placed || node.type === 'group'
      ? [problemOf(node, 'missingZ', 'z', `${titleOf(node)} lies on no tab: it would never run.`)]
      : [];
  }
  if (typeof z !== 'string') return [problemOf(node, 'badZ', 'z', `z of ${titleOf(node)} is not a text.`)];
  const container = byId.get(z);
  if (!container)
    return [
      problemOf(
        node,
        'unknownZ',
        'z',
        `${titleOf(node)} lies on the tab ${z}, which does not exist: a phantom tab would run.`,
      ),
    ];
  return container.type === 'tab' || container.type === 'subflow'
    ? []
    : [
        problemOf(
          node,
          'unknownZ',
          'z',
          `${titleOf(node)} lies on ${titleOf(container)}, which is no tab and no subflow.`,
        ),
      ];
}

function wireProblems(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly FlowProblem[] {
  const wires = node['wires'];
  if (wires === undefined) return [];
  if (!Array.isArray(wires))
    return [
      problemOf(
        node,
        'badWires',
        'wires',
        `wires of ${titleOf(node)} is not a list of lists: the node would die.`,
      ),
    ];
  return wires.flatMap((port: unknown, output): readonly FlowProblem[] => {
    const at = `wires.${output}`;
    if (!Array.isArray(port))
      return [problemOf(node, 'badWires', at, `Output ${output} of ${titleOf(node)} is not a list.`)];
    return port.flatMap((to: unknown, index): readonly FlowProblem[] => {
      const property = `${at}.${index}`;
      if (typeof to !== 'string')
        return [problemOf(node, 'badWires', property, `A wire of ${titleOf(node)} is not an id.`)];
      const target = byId.get(to);
      if (!target)
        return [
          problemOf(
            node,
            'danglingWire',
            property,
            `A wire of ${titleOf(node)} leads to ${to}, which does not exist.`,
            'warning',
          ),
        ];
      return containerOf(target) === containerOf(node)
        ? []
        : [
            problemOf(
              node,
              'wireAcrossTabs',
              property,
              `A wire of ${titleOf(node)} leads to ${titleOf(target)} on another tab.`,
            ),
          ];
    });
  });
}

function linkProblems(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly FlowProblem[] {
  if (!node.type.startsWith('link ')) return [];
  const links = node['links'];
  if (links === undefined) return [];
  if (!Array.isArray(links))
    return [problemOf(node, 'badLinks', 'links', `links of ${titleOf(node)} is not a list.`)];
  return links.flatMap((to: unknown, index): readonly FlowProblem[] => {
    const property = `links.${index}`;
    if (typeof to !== 'string')
      return [problemOf(node, 'badLinks', property, `A link of ${titleOf(node)} is not an id.`)];
    return byId.has(to)
      ? []
      : [
          problemOf(
            node,
            'danglingLink',
            property,
            `A link of ${titleOf(node)} leads to ${to}, which does not exist.`,
            'warning',
          ),
        ];
  });
}

/** `scope` of catch, status and complete nodes names nodes of the same tab. */
function scopeProblems(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly FlowProblem[] {
  if (!['catch', 'status', 'complete'].includes(node.type) || !Array.isArray(node['scope'])) return [];
  return node['scope'].flatMap((id: unknown, index): readonly FlowProblem[] => {
    const target = typeof id === 'string' ? byId.get(id) : undefined;
    return target && containerOf(target) === containerOf(node)
      ? []
      : [
          problemOf(
            node,
            'danglingScope',
            `scope.${index}`,
            `${titleOf(node)} watches ${String(id)}, which is not on its tab.`,
            'warning',
          ),
        ];
  });
}

/** Types that the target cannot start. One stops the start of the whole instance, on a disabled tab too (node-red.md 4.2). */
export function validateTypes(
  flows: readonly FlowNode[],
  palette: ReadonlySet<string> | null,
): readonly FlowProblem[] {
  const definitions = new Set(flows.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  return flows.flatMap((node) => {
    if (['tab', 'subflow', 'group'].includes(node.type)) return [];
    const definition = definitionOf(node);
    if (definition !== undefined)
      return definitions.has(definition)
        ? []
        : [
            problemOf(
              node,
              'missingSubflow',
              'type',
              `${titleOf(node)} is an instance of the subflow ${definition}, which does not exist: the whole instance would not start.`,
            ),
          ];
    return palette === null || palette.has(node.type)
      ? []
      : [
          problemOf(
            node,
            'unknownType',
            'type',
            `The target has no node of the type ${node.type} (${titleOf(node)}): its whole Node-RED would not start.`,
          ),
        ];
  });
}

/** Nodes that reach beyond Node-RED, by policy: type -> why it is not allowed. */
export function validatePolicy(
  flows: readonly FlowNode[],
  forbiddenTypes: ReadonlySet<string>,
  allowedModules: ReadonlySet<string>,
): readonly FlowProblem[] {
  return flows.flatMap((node) => {
    const libs: readonly unknown[] = Array.isArray(node['libs']) ? node['libs'] : [];
    const modules = libs.map((lib) => (isRecord(lib) ? lib['module'] : lib));
    return [
      ...(forbiddenTypes.has(node.type)
        ? [
            problemOf(
              node,
              'forbiddenType',
              'type',
              `${titleOf(node)} is of a type that this target does not allow.`,
            ),
          ]
        : []),
      ...modules.flatMap((module, index) =>
        typeof module === 'string' && allowedModules.has(module)
          ? []
          : [
              problemOf(
                node,
                'forbiddenModule',
                `libs.${index}`,
                `${titleOf(node)} wants the package ${String(module)}, which Node-RED would install on the target.`,
              ),
            ],
      ),
    ];
  });
}
