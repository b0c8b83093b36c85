import type { Services } from '../../platform/services.js';

/** Three months, as far back as the simulator's invented traffic goes. */
const backMs = 90 * 24 * 60 * 60_000;
const minute = 60_000;
const name = 'simulator';

/**
 * Gives each sample tenant a configuration of the local Langfuse double, so that its traces are imported by themselves. One that is there is
 * pointed to where the double serves now; whatever else an administrator changed stays.
 */
export async function placeSandboxLangfuse(
  { tenants, store, langfuseKeys, clock }: Pick<Services, 'tenants' | 'store' | 'langfuseKeys' | 'clock'>,
  host: string,
): Promise<void> {
  for (const { slug } of tenants.list().filter(({ active }) => active)) {
    const known = await store.langfuseConfigs.list(slug, 'sandbox');
    const before = known.find((config) => config.name === name);
    if (before) {
      if (before.host !== host) await store.langfuseConfigs.change(slug, before.configId, { host });
      continue;
    }
    const owner = { tenantId: slug, environment: 'sandbox', configId: `${slug}-simulator` } as const;
    await store.langfuseConfigs.create(owner, {
      name,
      host,
      projectId: null,
      plan: 'selfHosted',
      readApi: 'auto',
      active: true,
      isDefault: false,
      everyMs: 15 * minute,
      settleMs: 20 * minute,
      overlapMs: 60 * minute,
      importFromMs: clock.nowMs() - backMs,
    });
    // The keys that the double knows the tenant by (simulators/langfuse/traffic/practices.ts).
    await langfuseKeys.set(owner, { publicKey: `pk-lf-${slug}`, secretKey: `sk-lf-${slug}` });
  }
}
