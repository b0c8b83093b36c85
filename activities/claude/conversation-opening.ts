import { practiceFactsOf, type PracticeFacts } from '../../domain/agent/practice-facts.js';
import type { Channel, Environment, Tenant } from '../../domain/tenant.js';
import { tenantOf, type ClaudeDeps } from './claude-deps.js';
import { failureOf } from './errors.js';
import { followFolder, registerFolder } from '../../platform/prompts/folder-bundle.js';
import { getsChallenger } from '../../platform/prompts/traffic-share.js';
import { followsFolder, systemActor } from '../../platform/store/prompt-activations.js';

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

export const createOpeningActivities = (deps: ClaudeDeps): OpeningActivities => ({
  async openConversation({ tenantId, environment, conversationId }) {
    const tenant = tenantOf(deps, tenantId, environment);
    const row = await deps.store.conversations.get(tenantId, environment, conversationId);
    if (!row) throw failureOf('ConversationNotFound');
    const practice = practiceFactsOf(tenant, deps.settleMs);
    if (row.promptBundle !== null) return { promptBundle: row.promptBundle, practice };
    const promptBundle = await bundleFor(deps, tenant, environment, conversationId);
    await deps.store.conversations.update(tenantId, conversationId, { promptBundle });
    return { promptBundle, practice };
  },
});

/**
 * The bundle of a new conversation: its side of a running experiment, else the active one. Files that changed are taken over first where
 * that needs no person. Two workers that get here together build the same bundle, so either may win.
 */
async function bundleFor(
  deps: ClaudeDeps,
  tenant: Tenant,
  environment: Environment,
  conversationId: string,
): Promise<string> {
  const { promptActivations, promptExperiments } = deps.store;
  const experiment = await promptExperiments.running(tenant.slug, environment);
  if (experiment)
    return getsChallenger(conversationId, experiment) ? experiment.challenger : experiment.control;
  const active = await promptActivations.active(tenant.slug, environment);
  if (active && !followsFolder(environment, active)) return active.hash;
  const { hash } = await registerFolder(deps, tenant, systemActor);
  if (active?.hash === hash) return hash;
  await followFolder(deps, tenant.slug, environment, hash);
  // A person may have decided otherwise in between.
  return (await promptActivations.active(tenant.slug, environment))?.hash ?? hash;
}
