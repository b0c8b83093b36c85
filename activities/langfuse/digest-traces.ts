import { sessionRuleOf } from '../../domain/sessions/session-group.js';
import type { LangfuseConfig } from '../../platform/store/langfuse/configs.js';
import type { ActivityScope } from '../heartbeating.js';
import type { LangfuseDeps } from './connection.js';

/**
 * Brings sessions and counts up to date with all traces that changed. The page that changed a trace has queued it in its own transaction,
 * so that nothing is forgotten when the process dies here: whoever comes next takes what is left.
 */
export async function digestTraces(
  { store, tenants }: Pick<LangfuseDeps, 'store' | 'tenants'>,
  { tenantId, environment }: Pick<LangfuseConfig, 'tenantId' | 'environment'>,
  { signal }: Pick<ActivityScope, 'signal'>,
): Promise<void> {
  const rule = sessionRuleOf(tenants.get(tenantId)?.sessions);
  while ((await store.sessions.digest(tenantId, environment, rule)) > 0) signal.throwIfAborted();
}
