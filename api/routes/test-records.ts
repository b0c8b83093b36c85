import { z } from 'zod';
import { leaveAudit } from '../audit.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import { waitQuery } from './desk-order.js';
import { nextCursor, pageQuery } from './paging.js';

const record = z.object({
  recordId: z.string(),
  kind: z.enum(['appointment', 'patient']),
  patientGuid: z.string().nullable(),
  appointmentGuid: z.string().nullable(),
  madeBy: z.string(),
  start: z.string().nullable(),
  /** `left`: the practice system cannot remove a patient over its API. */
  status: z.enum(['booked', 'cancelled', 'left']),
  createdAtMs: z.number(),
});

const progress = z.object({
  outcome: z.enum(['running', 'allCancelled', 'someKept']),
  found: z.number(),
  cancelled: z.number(),
  kept: z.array(
    z.object({
      appointmentGuid: z.string(),
      why: z.enum(['inThePast', 'refused', 'unclear', 'unavailable']),
    }),
  ),
  more: z.boolean(),
});

const failures = ['WorkerUnavailable', 'TemporalUnavailable'] as const;

export const listTestRecords = tenantRoute({
  method: 'get',
  path: '/api/test-records',
  role: 'viewer',
  summary: 'Patients and appointments that conversations and calls marked `test` have made, newest first',
  query: z.strictObject(pageQuery),
  answers: { 200: z.object({ records: z.array(record), nextCursor }) },
  handle: async ({ tenant, environment, query }, { store }) => {
    const page = await store.testRecords.list(tenant.slug, environment, query);
    return { status: 200, body: { records: page.rows, nextCursor: page.nextCursor } };
  },
});

export const cancelTestRecords = tenantRoute({
  method: 'post',
  path: '/api/test-records/cancel',
  role: 'operator',
  summary: 'Cancels all appointments that tests have left, or joins the run that does; 202 while it goes on',
  query: waitQuery,
  answers: { 200: progress, 202: progress },
  failures,
  handle: async (call, { store, practiceDesk, config }) => {
    const { tenant, environment, query } = call;
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'test-records.cancel',
      target: environment,
    });
    const order = { tenantId: tenant.slug, environment, settleMs: config.cloud9.settleMs };
    const state = await practiceDesk.cancelTestRecords(order, query.waitMs);
    return { status: state.outcome === 'running' ? (202 as const) : (200 as const), body: state };
  },
});

export const getTestRecordsProgress = tenantRoute({
  method: 'get',
  path: '/api/test-records/cancel',
  role: 'viewer',
  summary: 'How far the latest cancellation of test records is, or how it ended',
  answers: { 200: progress },
  failures: [...failures, 'RecordNotFound'],
  handle: async ({ tenant, environment }, { practiceDesk }) => {
    const state = await practiceDesk.testRecordsState(tenant.slug, environment);
    if (!state) throw new Problem('RecordNotFound', { detail: 'No cancellation was started yet.' });
    return { status: 200, body: state };
  },
});
