import { z } from 'zod';
import { errorsOf, type FlowProblem } from '../../../domain/flows/flow-problem.js';
import { readFlows } from '../../../domain/flows/read-flows.js';
import { keepArtifact } from '../../../platform/flow-artifacts.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { hash as hashShape } from './shapes.js';

const artifact = z.object({
  hash: z.string(),
  name: z.string(),
  origin: z.enum(['folder', 'upload']),
  nodes: z.number(),
  tabs: z.array(z.object({ id: z.string(), label: z.string() })),
  registeredBy: z.string(),
  createdAtMs: z.number(),
});

export const listArtifacts = tenantRoute({
  method: 'get',
  path: '/api/flow-artifacts',
  role: 'viewer',
  summary: 'Flows that may be deployed, newest first',
  query: z.strictObject({ ...pageQuery }),
  answers: { 200: z.object({ artifacts: z.array(artifact), nextCursor }) },
  handle: async ({ tenant, query }, { store }) => {
    const page = await store.flowArtifacts.list(tenant.slug, query);
    const artifacts = page.rows.map((row) => ({ ...row, tabs: [...row.tabs] }));
    return { status: 200, body: { artifacts, nextCursor: page.nextCursor } };
  },
});

export const getArtifact = tenantRoute({
  method: 'get',
  path: '/api/flow-artifacts/{hash}',
  role: 'operator',
  summary: 'One artefact with its flows',
  params: z.strictObject({ hash: hashShape }),
  answers: { 200: z.object({ artifact, flows: z.array(z.record(z.string(), z.unknown())) }) },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, params }, { store, flowDocuments }) => {
    const row = await store.flowArtifacts.get(tenant.slug, params.hash);
    if (!row) throw new Problem('RecordNotFound', { detail: 'There is no such artefact.' });
    const flows = (await flowDocuments.get(tenant.slug, params.hash)) as Record<string, unknown>[];
    return { status: 200, body: { artifact: { ...row, tabs: [...row.tabs] }, flows } };
  },
});

export const uploadArtifact = tenantRoute({
  method: 'post',
  path: '/api/flow-artifacts',
  role: 'operator',
  summary: 'Keeps flows by their content, after every rule that keeps broken ones from an instance',
  // Node-RED itself takes 5 MB.
  bodyLimit: '6mb',
  body: z.strictObject({
    name: z.string().trim().min(1).max(100),
    /** An export of the editor: a list of nodes, or `{flows, rev}`. */
    flows: z.union([z.array(z.unknown()), z.object({ flows: z.array(z.unknown()) }).loose()]),
  }),
  answers: {
    200: z.object({ artifact, new: z.literal(false), warnings: z.array(z.string()) }),
    201: z.object({ artifact, new: z.literal(true), warnings: z.array(z.string()) }),
  },
  failures: ['FlowsInvalid'],
  handle: async (call, services) => {
    const { tenant, user, body } = call;
    const read = readFlows(JSON.stringify(body.flows));
    if (read.kind === 'unreadable') throw invalid(read.problems);
    const kept = await keepArtifact(services, tenant.slug, {
      name: body.name,
      origin: 'upload',
      flows: read.flows,
      registeredBy: user.userId,
    });
    if (kept.kind === 'invalid') throw invalid(errorsOf(kept.problems));
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'flow-artifact.upload',
      target: kept.artifact.hash,
      detail: { name: body.name, nodes: kept.artifact.nodes },
    });
    const view = { ...kept.artifact, tabs: [...kept.artifact.tabs] };
    const warnings = [...read.warnings, ...kept.warnings].map(sentence);
    return kept.isNew
      ? { status: 201, body: { artifact: view, new: true as const, warnings } }
      : { status: 200, body: { artifact: view, new: false as const, warnings } };
  },
});

/** Names node, tab, property and reason of everything that is wrong. */
const invalid = (problems: readonly FlowProblem[]): Problem =>
  new Problem('FlowsInvalid', {
    errors: problems.slice(0, 100).map((problem) => ({
      path: [
        problem.tabId ?? '(no tab)',
        problem.nodeId ?? '(no node)',
        problem.property ?? '(whole node)',
      ].join(' / '),
      message: problem.reason,
    })),
  });

const sentence = ({ nodeId, reason }: FlowProblem): string =>
  nodeId === null ? reason : `${nodeId}: ${reason}`;
