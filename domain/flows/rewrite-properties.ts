import { isRecord, titleOf, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';

/** Another value for one property of nodes of the source, where flows do not take it from an `env`. */
export interface PropertyRewrite {
  readonly node:
    | { readonly id: string }
    /** All nodes of this type and name. */
    | { readonly type: string; readonly name: string };
  /** Path to the value inside the node (RFC 6901): `/port`, `/rules/0/t`. */
  readonly pointer: string;
  /** Never a secret: it is kept and shown with the deployment. */
  readonly value: string | number | boolean;
}

/** Identity, place and connections; a rule must not turn one node into another. Secrets have a way of their own. */
const untouchable: ReadonlySet<string> = new Set(
  'id type z g x y w h d wires links nodes scope in out status env credentials'.split(' '),
);

/**
 * Values of the target put into flows (node-red.md 7.9), before ids are renamed. Strict, since a rule that does nothing is a mistake that would be
 * found in production: what names no node, no property, or anything but a single value is an error. Nodes without a rule stay the same object.
 */
export function rewriteProperties(
  flows: readonly FlowNode[],
  rules: readonly PropertyRewrite[],
): { readonly flows: readonly FlowNode[]; readonly problems: readonly FlowProblem[] } {
  const problems: FlowProblem[] = [];
  const refuse = (rule: PropertyRewrite, nodeId: string | null, reason: string): void => {
    const property = rule.pointer.slice(1).replaceAll('/', '.');
    problems.push({ rule: 'badRewrite', severity: 'error', nodeId, tabId: null, property, reason });
  };
  let rewritten = flows;
  for (const rule of rules) {
    const steps = stepsOf(rule.pointer);
    if (untouchable.has(steps[0] ?? '')) {
      refuse(rule, null, `${rule.pointer} says what a node is or where it lies: a rule may not change it.`);
      continue;
    }
    let hits = 0;
    rewritten = rewritten.map((node) => {
      if (!names(rule.node, node)) return node;
      hits += 1;
      const changed = withValue(node, steps, rule.value);
      if (changed === undefined)
        refuse(rule, node.id, `${titleOf(node)} has no single value at ${rule.pointer}.`);
      return (changed as FlowNode | undefined) ?? node;
    });
    if (hits === 0)
      refuse(rule, null, `The flows have no node ${wordsOf(rule.node)}: the rule would do nothing.`);
  }
  return { flows: rewritten, problems };
}

const names = (wanted: PropertyRewrite['node'], node: FlowNode): boolean =>
  'id' in wanted ? node.id === wanted.id : node.type === wanted.type && node['name'] === wanted.name;

const wordsOf = (wanted: PropertyRewrite['node']): string =>
  'id' in wanted ? wanted.id : `of the type ${wanted.type} named "${wanted.name}"`;

/** RFC 6901: `~1` stands for a slash, `~0` for a tilde. */
const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Undefined when nothing single stands there. */
function withValue(place: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return isSingle(place) ? value : undefined;
  if (Array.isArray(place)) {
    const index = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
    const inner = index in place ? withValue(place[index], rest, value) : undefined;
    return inner === undefined ? undefined : place.map((item: unknown, at) => (at === index ? inner : item));
  }
  if (!isRecord(place) || !Object.hasOwn(place, step)) return undefined;
  const inner = withValue(place[step], rest, value);
  return inner === undefined ? undefined : { ...place, [step]: inner };
}

const isSingle = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
