import { z } from 'zod';
import type { WaitlistEntry } from '../../platform/store/waitlist.js';
import { leaveAudit } from '../audit.js';
import { tenantRoute } from '../route.js';
import { nextCursor, pageQuery } from './paging.js';

const status = z.enum(['open', 'taken', 'closed']);
const params = z.strictObject({ entryId: z.string().min(1).max(200) });
const entry = z.object({
  entryId: z.string(),
  conversationId: z.string(),
  firstName: z.string(),
  /** Null for a patient of the practice: see the record of `patientGuid`. */
  lastName: z.string().nullable(),
  phone: z.string().nullable(),
  patientGuid: z.string().nullable(),
  visitType: z.string(),
  location: z.string(),
  from: z.string(),
  to: z.string(),
  partOfDay: z.enum(['any', 'morning', 'afternoon']),
  status,
  takenBy: z.string().nullable(),
  closedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** The place that was offered last, wall clock of the office, and the staff task to offer it. */
  offeredStart: z.string().nullable(),
  offerTaskId: z.string().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

const viewOf = ({ visitTypeKey, locationKey, ...row }: WaitlistEntry): z.input<typeof entry> => ({
  ...row,
  visitType: visitTypeKey,
  location: locationKey,
});

export const listWaitlist = tenantRoute({
  method: 'get',
  path: '/api/waitlist',
  role: 'viewer',
  summary: 'People who would take a place that becomes free, newest first',
  query: z.strictObject({ status: status.optional(), ...pageQuery }),
  answers: { 200: z.object({ entries: z.array(entry), nextCursor }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const page = await store.waitlist.list(tenant.slug, environment, filter, { limit, cursor });
    return { status: 200, body: { entries: page.rows.map(viewOf), nextCursor: page.nextCursor } };
  },
});

export const takeWaitlistEntry = tenantRoute({
  method: 'post',
  path: '/api/waitlist/{entryId}/take',
  role: 'operator',
  summary: 'Takes an entry; nobody else can then, and it is offered no place',
  params,
  answers: { 200: entry },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, user } = call;
    const { entryId } = call.params;
    const taken = await store.waitlist.take(tenant.slug, environment, entryId, user.userId);
    await leaveAudit(store, call, { tenantId: tenant.slug, action: 'waitlist.take', target: entryId });
    return { status: 200, body: viewOf(taken) };
  },
});

export const closeWaitlistEntry = tenantRoute({
  method: 'post',
  path: '/api/waitlist/{entryId}/close',
  role: 'operator',
  summary: 'Closes an entry with a note of what was done',
  params,
  body: z.strictObject({ note: z.string().trim().min(1).max(2_000) }),
  answers: { 200: entry },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, user, body } = call;
    const { entryId } = call.params;
    const closed = await store.waitlist.close(tenant.slug, environment, entryId, user.userId, body.note);
    await leaveAudit(store, call, { tenantId: tenant.slug, action: 'waitlist.close', target: entryId });
    return { status: 200, body: viewOf(closed) };
  },
});
