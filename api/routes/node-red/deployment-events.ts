import { z } from 'zod';
import type { StreamItem } from '../../events/event-stream.js';
import { createOpenStreams } from '../../events/open-streams.js';
import { tenantStream } from '../../route.js';
import { findDeployment } from './shapes.js';

/** A person does not notice it. */
const pollMs = 250;
/** Proxies close a connection that is silent for 30 s or more. */
const heartbeatMs = 15_000;
/** The token was proven when the stream began; a reader comes back with its last event id and a valid one. */
const longestMs = 10 * 60_000;

const streams = createOpenStreams();

export const deploymentEvents = tenantStream({
  method: 'get',
  path: '/api/deployments/{id}/events',
  role: 'viewer',
  summary:
    'Live steps of a deployment (server-sent events) until it has ended. Send the last id as Last-Event-ID to go on after it',
  params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a deployment') }),
  answers: { 200: z.string() },
  failures: ['RecordNotFound', 'RateLimited'],
  handle: async (call, services) => {
    const { tenant, environment, lastEventId, gone } = call;
    const { store, clock } = services;
    const { deploymentId } = await findDeployment(services, call, call.params.id);
    const leave = streams.enter(tenant.slug);
    return follow();

    async function* follow(): AsyncGenerator<StreamItem> {
      const endsAtMs = clock.nowMs() + longestMs;
      let seq = /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
      let quietSinceMs = clock.nowMs();
      try {
        yield { comment: 'open' };
        while (!gone.aborted && clock.nowMs() < endsAtMs) {
          // The row first: the last step of an ended deployment is written before it ends.
          const row = await store.flowDeployments.get(tenant.slug, environment, deploymentId);
          const events = await store.flowDeployments.events(tenant.slug, deploymentId, seq);
          for (const event of events) {
            seq = event.seq;
            yield { id: String(event.seq), event: 'step', data: event };
          }
          if (!row || row.status === 'ended') return;
          if (events.length > 0) quietSinceMs = clock.nowMs();
          else if (clock.nowMs() - quietSinceMs >= heartbeatMs) {
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
