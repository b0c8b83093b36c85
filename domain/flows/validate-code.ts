import { variableIn, variablesOf } from './environment-variables.js';
import { containerOf, isRecord, nodesById, titleOf, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { problemOf } from './validate-shape.js';

/** Why a text is no JavaScript that may stand in a function body; null when it is. Passed in: workflows have no compiler. */
export type SyntaxErrorOf = (code: string) => string | null;

/** The text that Node-RED compiles for the code of a function node. */
const functionBody = (code: string): string => `(async()=>{${code}\n})`;

/** Code that does not compile: the node would be live and do nothing, with an error in the log only (node-red.md 3.4). */
export function validateCode(
  flows: readonly FlowNode[],
  syntaxErrorOf: SyntaxErrorOf,
): readonly FlowProblem[] {
  return flows
    .filter(({ type }) => type === 'function')
    .flatMap((node) =>
      ['func', 'initialize', 'finalize'].flatMap((property): readonly FlowProblem[] => {
        const code = node[property];
        if (code === undefined || code === '') return [];
        if (typeof code !== 'string')
          return [problemOf(node, 'badCode', property, `${property} of ${titleOf(node)} is not a text.`)];
        const error = syntaxErrorOf(functionBody(code));
        return error === null
          ? []
          : [problemOf(node, 'badCode', property, `The code of ${titleOf(node)} does not compile: ${error}`)];
      }),
    );
}

/** Names of environment variables that values refer to and that no group, tab, subflow or `global-config` defines. */
export function validateEnvironment(flows: readonly FlowNode[]): readonly FlowProblem[] {
  const byId = nodesById(flows);
  const variable = variablesOf(flows);
  const isDefined = (node: FlowNode, name: string): boolean =>
    name.startsWith('NR_') ||
    variable(node, name) !== undefined ||
    // Inside a definition a name may come from the tab of any instance.
    byId.get(containerOf(node) ?? '')?.type === 'subflow';
  return flows.flatMap((node) =>
    referencesIn(node)
      .filter(({ name }) => !isDefined(node, name.replace(/^\$parent\./, '')))
      .map(({ property, name }) =>
        problemOf(
          node,
          'undefinedVariable',
          property,
          `${property} of ${titleOf(node)} refers to ${name}, which no tab or group defines; only the target's own environment could.`,
          'warning',
        ),
      ),
  );
}

function referencesIn(node: FlowNode): readonly { readonly property: string; readonly name: string }[] {
  const walk = (
    value: unknown,
    property: string,
  ): readonly { readonly property: string; readonly name: string }[] => {
    if (typeof value === 'string') {
      const name = variableIn(value);
      return name === undefined ? [] : [{ property, name }];
    }
    if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, `${property}.${index}`));
    return isRecord(value)
      ? Object.entries(value).flatMap(([key, item]) => walk(item, `${property}.${key}`))
      : [];
  };
  return Object.entries(node)
    .filter(([key]) => !['id', 'type', 'name', 'info', 'label', 'credentials'].includes(key))
    .flatMap(([key, value]) => walk(value, key));
}
