import { isRecord, type FlowNode } from '../domain/flows/flow-node.js';
import { errorsOf, type FlowProblem } from '../domain/flows/flow-problem.js';
import { defaultMaxBytes, validateFlows } from '../domain/flows/validate-flows.js';
import { syntaxErrorOf } from './function-syntax.js';
import type { FlowArtifact } from './store/flow-artifacts.js';
import type { FlowDocuments } from './store/flow-documents.js';
import type { Store } from './store/store.js';

export type KeptArtifact =
  | {
      readonly kind: 'kept';
      readonly artifact: FlowArtifact;
      readonly isNew: boolean;
      readonly warnings: readonly FlowProblem[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly FlowProblem[] };

/** Keeps flows by their content, if no rule of the validator is against it. Secrets in them are not kept. */
export async function keepArtifact(
  {
    store,
    flowDocuments,
  }: { readonly store: Pick<Store, 'flowArtifacts'>; readonly flowDocuments: FlowDocuments },
  tenantId: string,
  {
    name,
    origin,
    flows,
    registeredBy,
  }: Pick<FlowArtifact, 'name' | 'origin' | 'registeredBy'> & {
    readonly flows: readonly FlowNode[];
  },
): Promise<KeptArtifact> {
  const problems = validateFlows(flows, {
    // What a target can start is known when it is planned for.
    palette: null,
    base: [],
    forbiddenTypes: new Set(),
    allowedModules: modulesOf(flows),
    syntaxErrorOf,
    maxBytes: defaultMaxBytes,
  });
  if (errorsOf(problems).length > 0) return { kind: 'invalid', problems };
  const hash = await flowDocuments.put(tenantId, flows);
  const tabs = flows
    .filter(({ type }) => type === 'tab')
    .map(({ id, label }) => ({ id, label: typeof label === 'string' ? label : id }));
  const isNew = await store.flowArtifacts.put(tenantId, {
    hash,
    name,
    origin,
    nodes: flows.length,
    tabs,
    registeredBy,
  });
  const artifact = await store.flowArtifacts.get(tenantId, hash);
  if (!artifact) throw new Error('An artefact that was just kept is gone.');
  return { kind: 'kept', artifact, isNew, warnings: problems };
}

/** Which modules a target allows is decided there. */
const modulesOf = (flows: readonly FlowNode[]): ReadonlySet<string> =>
  new Set(
    flows.flatMap(({ libs }) =>
      Array.isArray(libs)
        ? libs.flatMap((lib: unknown) =>
            isRecord(lib) && typeof lib['module'] === 'string' ? [lib['module']] : [],
          )
        : [],
    ),
  );
