import { practiceFactsOf, type PracticeFacts } from '../../domain/agent/practice-facts.js';
import type { Channel, Environment, Tenant } from '../../domain/tenant.js';
import { tenantOf, type ClaudeDeps } from './claude-deps.js';
import { failureOf } from './errors.js';
import { buildPromptBundle, bundleHash } from './prompt-bundle.js';

export interface OpenConversationInput {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly channel: Channel;
  readonly language: 'en' | 'es';
}

interface ConversationOpening {
  /** Hash of the bundle that this conversation keeps for life. */
  readonly promptBundle: string;
  readonly practice: PracticeFacts;
}

export interface OpeningActivities {
  /**
   * Pins the prompt bundle of a new conversation and gives the facts of its practice. Repeated, it answers with the bundle that it pinned
   * first. Throws TenantForbidden, TenantInactive, IntegrationNotConfigured or ConversationNotFound.
   */
  readonly openConversation: (input: OpenConversationInput) => Promise<ConversationOpening>;
}

/** Who moved a bundle pointer when no person did. */
const systemActor = 'system';

export const createOpeningActivities = (deps: ClaudeDeps): OpeningActivities => ({
  async openConversation({ tenantId, environment, conversationId }) {
    const tenant = tenantOf(deps, tenantId, environment);
    const row = await deps.store.conversations.get(tenantId, environment, conversationId);
    if (!row) throw failureOf('ConversationNotFound');
    const practice = practiceFactsOf(tenant, deps.settleMs);
    if (row.promptBundle !== null) return { promptBundle: row.promptBundle, practice };
    const promptBundle = await activeBundle(deps, tenant, environment);
    await deps.store.conversations.update(tenantId, conversationId, { promptBundle });
    return { promptBundle, practice };
  },
});

/**
 * The bundle that new conversations of this tenant get. Changed files become a new bundle at once, unless a person chose the active one:
 * a rollback must not be undone by the next caller. Two workers that get here together build the same bundle, so either may win.
 */
async function activeBundle(
  { store: { promptBundles }, tenants }: ClaudeDeps,
  tenant: Tenant,
  environment: Environment,
): Promise<string> {
  const active = await promptBundles.active(tenant.slug, environment);
  if (active && active.actor !== systemActor) return active.hash;
  const bundle = buildPromptBundle(tenant, await tenants.promptFiles(tenant.slug));
  const hash = bundleHash(bundle);
  if (active?.hash === hash) return hash;
  await promptBundles.put(tenant.slug, hash, bundle);
  await promptBundles.activate(tenant.slug, environment, hash, systemActor);
  return hash;
}
