import type { Environment, Tenant } from '../../domain/tenant.js';
import type { Store } from '../store/store.js';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import { buildPromptBundle, bundleHash, type BackendName, type PromptBundle } from './prompt-bundle.js';

/** What taking bundles in from `tenants/<slug>/` needs. */
export interface PromptDesk {
  readonly store: Pick<Store, 'promptBundles' | 'promptActivations'>;
  readonly tenants: Pick<TenantRegistry, 'promptFiles'>;
  /** How this installation speaks to the model; part of every bundle that it builds. */
  readonly promptBackend: BackendName;
  readonly loggers: {
    readonly log: {
      info(event: string, fields: object): unknown;
      warn(event: string, fields: object): unknown;
    };
  };
}

interface FolderBundle {
  readonly hash: string;
  readonly bundle: PromptBundle;
}

/** The bundle of the files as they are at this moment. Throws ConfigError when a text is missing or malformed. */
export async function folderBundle(
  { tenants, promptBackend }: Pick<PromptDesk, 'tenants' | 'promptBackend'>,
  tenant: Tenant,
): Promise<FolderBundle> {
  const bundle = buildPromptBundle(tenant, await tenants.promptFiles(tenant.slug), promptBackend);
  return { hash: bundleHash(bundle), bundle };
}

/** Registers the bundle of the files under its hash; files that have not changed change nothing. */
export async function registerFolder(
  desk: PromptDesk,
  tenant: Tenant,
  registeredBy: string,
): Promise<FolderBundle & { readonly isNew: boolean }> {
  const folder = await folderBundle(desk, tenant);
  const isNew = await desk.store.promptBundles.put(tenant.slug, folder.hash, folder.bundle, registeredBy);
  return { ...folder, isNew };
}

/** Lets an environment take over a registered bundle of the files where that needs no person; says in the log what became of it. */
export async function followFolder(
  { store, loggers }: Pick<PromptDesk, 'store' | 'loggers'>,
  tenantId: string,
  environment: Environment,
  hash: string,
): Promise<'unchanged' | 'activated' | 'waiting'> {
  const outcome = await store.promptActivations.followFolder(tenantId, environment, hash);
  const fields = { tenantId, environment, promptBundle: hash };
  if (outcome === 'activated') loggers.log.info('prompt bundle of the files activated', fields);
  if (outcome === 'waiting') loggers.log.warn('prompt files differ from the active bundle', fields);
  return outcome;
}
