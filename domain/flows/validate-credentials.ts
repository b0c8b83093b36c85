import { isRecord, titleOf, without, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { problemOf } from './validate-shape.js';

/** Takes away every `credentials` that carries nothing: `{}` restarts its node, a falsy one is stored and hashed (node-red.md 3.1). */
export const withoutEmptyCredentials = (flows: readonly FlowNode[]): readonly FlowNode[] =>
  flows.map((node) => (isEmpty(node) ? without(['credentials'], node) : node));

function isEmpty(node: FlowNode): boolean {
  if (!Object.hasOwn(node, 'credentials')) return false;
  const credentials = node['credentials'];
  return !credentials || (isRecord(credentials) && Object.keys(credentials).length === 0);
}

/**
 * Credentials in flows (node-red.md 4.2, 6). A value that is no text kills the process; a blank one deletes the secret; the editor's placeholder is
 * stored as it is in text fields; an empty object restarts the node for nothing.
 */
export function validateCredentials(flows: readonly FlowNode[]): readonly FlowProblem[] {
  return flows.flatMap((node): readonly FlowProblem[] => {
    if (!Object.hasOwn(node, 'credentials')) return [];
    const credentials = node['credentials'];
    if (isEmpty(node))
      return [
        problemOf(
          node,
          'emptyCredentials',
          'credentials',
          `${titleOf(node)} has empty credentials: they would restart it or be stored. Leave the property out.`,
          'warning',
        ),
      ];
    if (!isRecord(credentials))
      return [
        problemOf(node, 'badCredentials', 'credentials', `credentials of ${titleOf(node)} is not an object.`),
      ];
    // Those of global-config are a map one level down (6).
    const values =
      node.type === 'global-config' && isRecord(credentials['map']) ? credentials['map'] : credentials;
    return Object.entries(values).flatMap(([field, value]): readonly FlowProblem[] => {
      const property = `credentials.${field}`;
      const tell = (rule: string, reason: string): readonly FlowProblem[] => [
        problemOf(node, rule, property, reason),
      ];
      if (value === true && field.startsWith('has_')) return [];
      if (typeof value !== 'string')
        return tell(
          'badCredentials',
          `The credential ${field} of ${titleOf(node)} is ${value === null ? 'null' : `a ${typeof value}`}, not a text: Node-RED would crash or store it wrongly.`,
        );
      if (field === '$')
        return tell(
          'badCredentials',
          `${titleOf(node)} carries an encrypted blob: it would replace the whole credential store.`,
        );
      if (value.trim() === '')
        return tell(
          'blankCredential',
          `The credential ${field} of ${titleOf(node)} is blank: it would delete the secret on the target.`,
        );
      return value === '__PWRD__'
        ? tell(
            'placeholderCredential',
            `The credential ${field} of ${titleOf(node)} is the editor's placeholder, not a secret.`,
          )
        : [];
    });
  });
}

/** An artefact carries no secrets: they belong in the credential store, whatever their value. */
export const secretsInArtifact = (flows: readonly FlowNode[]): readonly FlowProblem[] =>
  flows
    .filter((node) => Object.hasOwn(node, 'credentials') && !isEmpty(node))
    .map((node) =>
      problemOf(
        node,
        'secretInArtifact',
        'credentials',
        `${titleOf(node)} carries credentials. Take them out of the file and put them into the credential store.`,
      ),
    );
