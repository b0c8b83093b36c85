import { followFolder, registerFolder } from '../platform/prompts/folder-bundle.js';
import type { Services } from '../platform/services.js';
import { systemActor } from '../platform/store/prompt-activations.js';

/**
 * Registers the prompt files of every practice as they are at start. Sandbox follows changed files as long as no person has chosen; the
 * log says where production waits for one. Several workers may do this at once: equal files are one bundle.
 */
export async function takeInPromptFolders(services: Services): Promise<void> {
  for (const tenant of services.tenants.list().filter(({ active }) => active)) {
    const { hash } = await registerFolder(services, tenant, systemActor);
    for (const environment of ['sandbox', 'production'] as const) {
      if (!tenant.integrations[environment].includes('anthropic')) continue;
      await followFolder(services, tenant.slug, environment, hash);
    }
  }
}
