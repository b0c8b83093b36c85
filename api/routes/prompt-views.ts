import { z } from 'zod';
import { ConfigError } from '../../platform/config/config-error.js';
import type { Tenant } from '../../domain/tenant.js';
import { bundleDifferences, partSources } from '../../platform/prompts/bundle-differences.js';
import { folderBundle } from '../../platform/prompts/folder-bundle.js';
import type { RegisteredBundle } from '../../platform/store/prompt-bundles.js';
import { Problem } from '../problems.js';
import type { ApiServices } from '../services.js';

export const bundleHash = z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash of a bundle');
export const reason = z.string().trim().min(3).max(500);
export const environment = z.enum(['sandbox', 'production']);

export const activation = z.object({
  activation: z.number(),
  hash: z.string(),
  kind: z.enum(['folder', 'chosen', 'rolledBack']),
  actor: z.string(),
  reason: z.string(),
  createdAtMs: z.number(),
});

export const experiment = z.object({
  experimentId: z.string(),
  environment,
  control: z.string(),
  challenger: z.string(),
  percent: z.number(),
  startedBy: z.string(),
  startReason: z.string(),
  startedAtMs: z.number(),
  stoppedBy: z.string().nullable(),
  stopReason: z.string().nullable(),
  stoppedAtMs: z.number().nullable(),
});

export const partSource = z.enum(partSources);

export const bundleSummary = z.object({
  hash: z.string(),
  model: z.string(),
  backend: z.string(),
  guardVersion: z.string(),
  /** Folder of its texts. */
  source: z.string(),
  registeredBy: z.string(),
  createdAtMs: z.number(),
});

export const summaryOf = (
  tenant: Tenant,
  { hash, bundle, registeredBy, createdAtMs }: RegisteredBundle,
): z.output<typeof bundleSummary> => ({
  hash,
  model: bundle.model,
  backend: bundle.backend,
  guardVersion: bundle.guardVersion,
  source: `tenants/${tenant.slug}`,
  registeredBy,
  createdAtMs,
});

/** What the tenant's files say now, next to what is active. */
export const folderState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same'), hash: z.string() }),
  z.object({
    kind: z.literal('differs'),
    hash: z.string(),
    registered: z.boolean(),
    /** Files that differ from the active bundle, with the parts of it. */
    changes: z.array(z.object({ file: partSource, parts: z.array(z.string()) })),
  }),
  z.object({ kind: z.literal('unreadable'), problems: z.array(z.string()) }),
]);

/** Compares the files with the active bundle. Files that cannot be read are an answer, not a failure: the list must still open. */
export async function folderStateOf(
  services: Pick<ApiServices, 'store' | 'tenants' | 'promptBackend'>,
  tenant: Tenant,
  activeHash: string | undefined,
): Promise<z.output<typeof folderState>> {
  const { promptBundles } = services.store;
  let folder;
  try {
    folder = await folderBundle(services, tenant);
  } catch (error) {
    if (error instanceof ConfigError) return { kind: 'unreadable', problems: [...error.problems] };
    throw error;
  }
  if (folder.hash === activeHash) return { kind: 'same', hash: folder.hash };
  const active = activeHash === undefined ? undefined : await promptBundles.get(tenant.slug, activeHash);
  const differences = active ? bundleDifferences(active.bundle, folder.bundle) : [];
  return {
    kind: 'differs',
    hash: folder.hash,
    registered: (await promptBundles.get(tenant.slug, folder.hash)) !== undefined,
    changes: [...new Set(differences.map(({ source }) => source))].map((file) => ({
      file,
      parts: differences.filter(({ source }) => source === file).map(({ part }) => part),
    })),
  };
}

/** Texts that cannot be read are the caller's to repair: each problem names its file. */
export function filesProblem(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  return new Problem('ValidationFailed', {
    detail: 'The files of this tenant cannot be read.',
    errors: error.problems.map((message) => ({ path: 'files', message })),
  });
}
