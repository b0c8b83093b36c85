import { z } from 'zod';
import { findConversation } from './answers.js';
import { params } from './shapes.js';
import type { StreamItem } from '../../events/event-stream.js';
import { readFeed, type FeedSources } from '../../events/conversation-feed.js';
import { createOpenStreams } from '../../events/open-streams.js';
import { readPosition } from '../../events/feed-position.js';
import { tenantStream } from '../../route.js';
import { conversationWorkflowId } from '../../../workflows/ids.js';

/** A person does not notice it; four indexed reads a second are nothing to the store. */
const pollMs = 250;
/** Proxies close a connection that is silent for 30 s or more. */
const heartbeatMs = 15_000;
/** The token was proven when the stream began; a reader comes back with its last event id and a valid one. */
const longestMs = 10 * 60_000;

const streams = createOpenStreams();

export const conversationEvents = tenantStream({
  method: 'get',
  path: '/api/conversations/{id}/events',
  role: 'viewer',
  summary:
    'Live events (server-sent): message, toolStep, ledger, status. Send the last id as Last-Event-ID to go on after it',
  params,
  answers: { 200: z.string() },
  failures: ['ConversationNotFound', 'RateLimited'],
  handle: async ({ tenant, environment, params: { id }, lastEventId, gone, correlate }, services) => {
    const { store, conversations, clock } = services;
    correlate(conversationWorkflowId(tenant.slug, id));
    await findConversation(store, tenant.slug, environment, id);
    const leave = streams.enter(tenant.slug);
    const sources: FeedSources = {
      store,
      turnsTaken: () =>
        conversations.state(tenant.slug, id).then(
          (state) => state?.turn ?? null,
          () => null,
        ),
    };
    return follow();

    async function* follow(): AsyncGenerator<StreamItem> {
      const endsAtMs = clock.nowMs() + longestMs;
      let position = readPosition(lastEventId);
      let quietSinceMs = clock.nowMs();
      try {
        yield { comment: 'open' };
        while (!gone.aborted && clock.nowMs() < endsAtMs) {
          const row = await store.conversations.get(tenant.slug, environment, id);
          if (!row) return;
          const read = await readFeed(sources, row, position);
          yield* read.events;
          position = read.position;
          if (read.events.length > 0) {
            quietSinceMs = clock.nowMs();
            continue;
          }
          if (clock.nowMs() - quietSinceMs >= heartbeatMs) {
            quietSinceMs = clock.nowMs();
            yield { comment: 'still here' };
          }
          await new Promise((resolve) => setTimeout(resolve, pollMs));
        }
      } finally {
        leave();
      }
    }
  },
});
