import { z } from 'zod';
import { deskOrderWorkflowId } from '../../workflows/ids.js';
import type { DeskOutcome } from '../../workflows/practice-desk/messages.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import { waitQuery } from './desk-order.js';
import { visitResult, visitsOf } from './visit-results.js';

export const getDeskOrder = tenantRoute({
  method: 'get',
  path: '/api/desk-orders/{orderId}',
  role: 'operator',
  summary: 'How a write of the desk stands, or how it ended; waits as long as it goes on',
  params: z.strictObject({ orderId: z.string().regex(/^[0-9a-f]{32}$/, 'must be an order of ours') }),
  query: waitQuery,
  answers: {
    200: z.object({
      orderId: z.string(),
      operation: z.string(),
      /** `lost`: its run is gone and left no outcome; look at what it was to change. */
      status: z.enum(['running', 'ended', 'lost']),
      /** Null while it goes on. */
      outcome: z.string().nullable(),
      patientGuid: z.string().optional(),
      visits: z.array(visitResult).optional(),
      /** Where a person must look. */
      taskId: z.string().optional(),
    }),
  },
  failures: ['RecordNotFound', 'TemporalUnavailable'],
  handle: async (call, { store, practiceDesk }) => {
    const { tenant, environment, params, query } = call;
    const { orderId } = params;
    call.correlate(deskOrderWorkflowId(tenant.slug, orderId));
    const kept = await store.deskOrders.find(tenant.slug, environment, orderId);
    if (!kept) throw new Problem('RecordNotFound');
    const { operation, result } = kept;
    if (result !== null) {
      return { status: 200, body: { orderId, operation, ...ended(result as DeskOutcome) } };
    }
    const state = await practiceDesk.orderState(tenant.slug, orderId, query.waitMs);
    switch (state?.kind) {
      case 'ended':
        return { status: 200, body: { orderId, operation, ...ended(state.outcome) } };
      case 'running':
        return { status: 200, body: { orderId, operation, status: 'running' as const, outcome: null } };
      case undefined:
        return { status: 200, body: { orderId, operation, status: 'lost' as const, outcome: null } };
    }
  },
});

/** The outcome with what it made. */
const ended = (outcome: DeskOutcome) => ({
  status: 'ended' as const,
  outcome: outcome.kind,
  ...('patientGuid' in outcome ? { patientGuid: outcome.patientGuid } : {}),
  ...('visits' in outcome ? { visits: visitsOf(outcome.visits) } : {}),
  ...('taskId' in outcome ? { taskId: outcome.taskId } : {}),
});
