import { z } from 'zod';
import { deploymentOutcomes, deploymentStatuses } from '../../../domain/deployment/deployment.js';
import { usualPeriods, usualRetention } from '../../../domain/deployment/target.js';
import type { FlowDeployment } from '../../../platform/store/flow-deployments.js';
import type { FlowTarget } from '../../../platform/store/flow-targets.js';
import { Problem } from '../../problems.js';
import type { TenantScope } from '../../route.js';
import type { ApiServices } from '../../services.js';

export const targetParams = z.strictObject({ id: z.uuid() });
export const reason = z.string().trim().min(1).max(500);
export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash of an artefact');

/** Credentials in an address would be stored and shown; they have a place of their own. */
const address = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return username === '' && password === '' && search === '' && hash === '';
  }, 'must hold no name, password, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const instance = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and "-"'),
  url: address,
  nodeUrl: address.nullable().default(null),
});

const count = (most: number) => z.number().int().min(1).max(most);
const minutes = z.number().int().min(5).max(10_080).nullable();

/** What an operator decides about a target. */
export const targetSettings = z.strictObject({
  name: z.string().trim().min(1).max(80),
  instances: z
    .array(instance)
    .min(1)
    .max(10)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'names must differ'),
  /** Production asks a person by default. */
  approval: z.boolean().optional(),
  allowedModules: z.array(z.string().min(1).max(200)).max(50).default([]),
  forbiddenTypes: z.array(z.string().min(1).max(200)).max(50).default([]),
  backupEveryMinutes: minutes.default(usualPeriods.backupEveryMinutes),
  driftEveryMinutes: minutes.default(usualPeriods.driftEveryMinutes),
  retention: z
    .strictObject({ last: count(200), daily: count(365), weekly: count(104) })
    .default({ ...usualRetention }),
});

export const targetView = z.object({
  targetId: z.string(),
  environment: z.enum(['sandbox', 'production']),
  name: z.string(),
  instances: z.array(z.object({ name: z.string(), url: z.string(), nodeUrl: z.string().nullable() })),
  approval: z.boolean(),
  allowedModules: z.array(z.string()),
  forbiddenTypes: z.array(z.string()),
  backupEveryMinutes: z.number().nullable(),
  driftEveryMinutes: z.number().nullable(),
  retention: z.object({ last: z.number(), daily: z.number(), weekly: z.number() }),
  /** Set when a person must look before anything is deployed again. */
  lock: z.object({ deploymentId: z.string(), reason: z.string(), atMs: z.number() }).nullable(),
  version: z.number(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

export const viewOfTarget = ({ settings, ...row }: FlowTarget): z.input<typeof targetView> => ({
  ...row,
  ...settings,
  instances: settings.instances.map((known) => ({ ...known })),
  allowedModules: [...settings.allowedModules],
  forbiddenTypes: [...settings.forbiddenTypes],
});

/** Throws RecordNotFound. */
export async function findTarget(
  { store }: Pick<ApiServices, 'store'>,
  { tenant, environment }: Pick<TenantScope, 'tenant' | 'environment'>,
  targetId: string,
): Promise<FlowTarget> {
  const target = await store.flowTargets.get(tenant.slug, environment, targetId);
  if (!target)
    throw new Problem('RecordNotFound', { detail: 'There is no such target in this environment.' });
  return target;
}

const deploymentSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('artifact'), hash: z.string() }),
  z.object({ kind: z.literal('backup'), backupId: z.string() }),
  z.object({
    kind: z.literal('copy'),
    tenantId: z.string(),
    environment: z.enum(['sandbox', 'production']),
    targetId: z.string(),
    tabs: z.array(z.string()),
  }),
]);

export const deploymentView = z.object({
  deploymentId: z.string(),
  targetId: z.string(),
  source: deploymentSource,
  reason: z.string(),
  dryRun: z.boolean(),
  status: z.enum(deploymentStatuses),
  outcome: z.enum(deploymentOutcomes).nullable(),
  /** The outcome in words, with what to do. */
  detail: z.string().nullable(),
  actor: z.string(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});

export const viewOfDeployment = ({
  request: { source, options, reason: why },
  ...row
}: FlowDeployment): z.input<typeof deploymentView> => ({
  ...row,
  source: source.kind === 'copy' ? { ...source, tabs: [...source.tabs] } : source,
  reason: why,
  dryRun: options.dryRun,
});

/** Throws RecordNotFound. */
export async function findDeployment(
  { store }: Pick<ApiServices, 'store'>,
  { tenant, environment }: Pick<TenantScope, 'tenant' | 'environment'>,
  deploymentId: string,
): Promise<FlowDeployment> {
  const row = await store.flowDeployments.get(tenant.slug, environment, deploymentId);
  if (!row)
    throw new Problem('RecordNotFound', { detail: 'There is no such deployment in this environment.' });
  return row;
}
