import type { LangfuseConfig } from '../../../platform/store/langfuse/configs.js';
import type { Store } from '../../../platform/store/store.js';
import type { Clock } from '../../../platform/clock.js';
import { buildConversation } from './build-conversation.js';

export interface CollectDeps {
  readonly store: Pick<
    Store,
    'conversations' | 'transcript' | 'modelSteps' | 'ownConversations' | 'ownTraceEvents' | 'langfuseConfigs'
  >;
  readonly clock: Clock;
}

/** The end of a conversation may be written by a process whose clock is behind ours. */
const overlapMs = 60_000;
const conversationsAtOnce = 100;

/**
 * Puts what conversations came to since the last time into the outbox, conversation by conversation, each in a transaction of its own: a
 * process that dies here leaves nothing behind that the next one would do twice. Returns the number of new events.
 */
export async function collectOwnTraces(
  deps: CollectDeps,
  config: LangfuseConfig,
  signal: AbortSignal,
): Promise<number> {
  const { store, clock } = deps;
  const { tenantId, configId, submit } = config;
  const startedAtMs = clock.nowMs();
  let added = 0;
  const seen = new Set<string>();
  for (;;) {
    const closed = await store.ownConversations.closed(config, submit.collectedToMs, conversationsAtOnce);
    const fresh = closed.filter((conversationId) => !seen.has(conversationId));
    // Settings that changed in mid-run note nothing: the next run begins with the new ones.
    if (fresh.length === 0) break;
    for (const conversationId of fresh) {
      signal.throwIfAborted();
      seen.add(conversationId);
      added += await collect(deps, config, conversationId);
    }
  }
  // Only at its end a conversation has named everybody whose name is to be masked.
  if (submit.mask !== 'personal') {
    for (const conversationId of await store.ownConversations.open(config)) {
      signal.throwIfAborted();
      added += await collect(deps, config, conversationId);
    }
  }
  await store.langfuseConfigs.noteCollected(
    tenantId,
    configId,
    Math.max(submit.collectedToMs, startedAtMs - overlapMs),
  );
  return added;
}

async function collect(
  { store, clock }: CollectDeps,
  { tenantId, configId, environment, submit }: LangfuseConfig,
  conversationId: string,
): Promise<number> {
  const conversation = await store.conversations.get(tenantId, environment, conversationId);
  if (!conversation) return 0;
  const entries = await store.transcript.load(tenantId, conversationId);
  const steps = await store.modelSteps.list(tenantId, conversationId);
  const { mask, fromMs } = submit;
  const built = buildConversation({ conversation, entries, steps }, { mask, fromMs, nowMs: clock.nowMs() });
  return store.ownTraceEvents.add(
    { tenantId, configId },
    conversationId,
    built.events.map((event) => ({
      eventId: event.eventId,
      turn: event.turn,
      kind: event.kind,
      traceId: event.traceId,
      observationId: event.kind === 'score' ? '' : event.observationId,
      json: JSON.stringify(event),
    })),
    { seq: built.upToSeq, done: built.closed, fromMs },
  );
}
