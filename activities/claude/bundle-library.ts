import { LRUCache } from 'lru-cache';
import type { Store } from '../../platform/store/store.js';
import { failureOf } from './errors.js';
import type { PromptBundle } from '../../platform/prompts/prompt-bundle.js';

/** Bundles are some 20 KB and immutable; a worker serves few at a time. */
const rememberedBundles = 50;

export interface BundleLibrary {
  /** The bundle of this name. Throws PromptBundleMissing. */
  load(tenantId: string, hash: string): Promise<PromptBundle>;
}

/** Reads bundles once. They are content-addressed, so what was read stays true. */
export function createBundleLibrary(promptBundles: Pick<Store['promptBundles'], 'get'>): BundleLibrary {
  const known = new LRUCache<string, PromptBundle>({ max: rememberedBundles });
  return {
    async load(tenantId, hash) {
      const key = `${tenantId}/${hash}`;
      const cached = known.get(key);
      if (cached) return cached;
      const stored = await promptBundles.get(tenantId, hash);
      if (!stored) throw failureOf('PromptBundleMissing');
      known.set(key, stored.bundle);
      return stored.bundle;
    },
  };
}
