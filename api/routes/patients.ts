import { z } from 'zod';
import { isPracticeDate } from '../../domain/time/practice-time.js';
import { normalisePhone } from '../../domain/booking/second-factor.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import { idempotent, orderWrite, running, stillRunning, waitQuery, writeFailures } from './desk-order.js';

export const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a GUID')
  .transform((text) => text.toLowerCase());
export const date = z.string().refine(isPracticeDate, 'must be a day of the calendar, YYYY-MM-DD');
const name = z.string().trim().min(1).max(80);
export const lookUpFailures = [
  'Cloud9Throttled',
  'Cloud9Unavailable',
  'Cloud9Auth',
  'IntegrationNotConfigured',
  'WorkerUnavailable',
  'TemporalUnavailable',
] as const;

const params = z.strictObject({ guid });

/** Somebody whom the practice does not have yet. */
export const newPerson = z.strictObject({
  firstName: name,
  lastName: name,
  birthDate: date,
  phone: z.string().refine((text) => normalisePhone(text) !== null, 'must be a number of ten digits'),
  email: z.email().nullable().default(null),
});

const found = z.object({
  patientGuid: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  birthDate: z.string().nullable(),
  statusCode: z.string(),
  locationGuid: z.string().nullable(),
  locationName: z.string(),
});

/** `Last, First`, or `First Last` with the last word as last name; one word is a last name. */
function partsOf(text: string): { readonly firstName: string; readonly lastName: string } {
  const [last = '', first] = text.split(',').map((part) => part.trim());
  if (first !== undefined) return { lastName: last, firstName: first };
  const words = text.trim().split(/\s+/);
  return { lastName: words.at(-1) ?? '', firstName: words.slice(0, -1).join(' ') };
}

export const searchPatients = tenantRoute({
  method: 'get',
  path: '/api/patients',
  role: 'operator',
  summary: 'Active patients by name (`Last, First` or `First Last`) and birth date',
  query: z.strictObject({ name: z.string().trim().min(2).max(120), birthDate: date.optional() }),
  answers: { 200: z.object({ patients: z.array(found), complete: z.boolean() }) },
  failures: lookUpFailures,
  handle: async ({ tenant, environment, query }, { practiceDesk }) => ({
    status: 200,
    body: await practiceDesk.lookUp({
      kind: 'patients',
      tenantId: tenant.slug,
      environment,
      ...partsOf(query.name),
      birthDate: query.birthDate ?? null,
    }),
  }),
});

export const getPatient = tenantRoute({
  method: 'get',
  path: '/api/patients/{guid}',
  role: 'operator',
  summary: 'What the practice system has about one patient',
  params,
  answers: {
    200: z.object({
      patientGuid: z.string(),
      fullName: z.string(),
      birthDate: z.string().nullable(),
      locationName: z.string(),
      orthodontistName: z.string(),
      street: z.string(),
      city: z.string(),
      state: z.string(),
      postalCode: z.string(),
      email: z.string(),
      phone: z.string(),
    }),
  },
  failures: [...lookUpFailures, 'Cloud9NotFound'],
  handle: async ({ tenant, environment, params: { guid: patientGuid } }, { practiceDesk }) => {
    const file = await practiceDesk.lookUp({
      kind: 'patient',
      tenantId: tenant.slug,
      environment,
      patientGuid,
    });
    return { status: 200, body: { patientGuid, ...file } };
  },
});

export const createPatient = tenantRoute({
  method: 'post',
  path: '/api/patients',
  role: 'operator',
  summary: 'Creates a patient, once for each Idempotency-Key; 409 names the record of somebody who is there',
  headers: idempotent,
  query: waitQuery,
  body: newPerson.extend({
    location: z.string(),
    /** Creates a second record of this name and birth date. */
    evenIfKnown: z.boolean().default(false),
    test: z.boolean().default(false),
  }),
  answers: { 201: z.object({ orderId: z.string(), patientGuid: z.string() }), 202: running },
  failures: writeFailures,
  handle: async (call, services) => {
    const { tenant, body, headers, query } = call;
    const { location, evenIfKnown, test, ...person } = body;
    if (!tenant.locations.some(({ key }) => key === location)) {
      throw new Problem('ValidationFailed', {
        errors: [{ path: 'location', message: 'is not an office of ours' }],
      });
    }
    const { orderId, outcome } = await orderWrite(call, services, {
      key: headers['idempotency-key'],
      isTest: test,
      target: location,
      request: body,
      waitMs: query.waitMs,
      content: {
        kind: 'registerPatient',
        person: { kind: 'new', ...person },
        locationKey: location,
        evenIfKnown,
      },
    });
    if (outcome === null) return stillRunning(orderId);
    if (outcome.kind === 'patientKnown') {
      throw new Problem('Conflict', {
        detail: `The practice has this person: patient ${outcome.patientGuid}. Send evenIfKnown under a new key for a second record.`,
      });
    }
    if (outcome.kind !== 'patientCreated') throw new Problem('Internal');
    return { status: 201, body: { orderId, patientGuid: outcome.patientGuid } };
  },
});

export const updatePatient = tenantRoute({
  method: 'put',
  path: '/api/patients/{guid}',
  role: 'operator',
  summary: 'Sets names and birth date; most practices have not authorised this (Cloud9NotAuthorised)',
  params,
  query: waitQuery,
  body: z.strictObject({ firstName: name, lastName: name, birthDate: date }),
  answers: { 200: z.object({ orderId: z.string(), patientGuid: z.string() }), 202: running },
  failures: [...writeFailures, 'Cloud9NotAuthorised'],
  handle: async (call, services) => {
    const patientGuid = call.params.guid;
    const { orderId, outcome } = await orderWrite(call, services, {
      key: null,
      isTest: false,
      target: patientGuid,
      request: call.body,
      waitMs: call.query.waitMs,
      content: { kind: 'changePatient', patientGuid, ...call.body },
    });
    if (outcome === null) return stillRunning(orderId);
    return { status: 200, body: { orderId, patientGuid } };
  },
});

export const commentPatient = tenantRoute({
  method: 'post',
  path: '/api/patients/{guid}/comments',
  role: 'operator',
  summary: 'Adds a comment with a marker: it may arrive twice, and the marker then tells so',
  params,
  headers: idempotent,
  query: waitQuery,
  body: z.strictObject({ text: z.string().trim().min(1).max(1_000) }),
  answers: { 201: z.object({ orderId: z.string(), marker: z.string() }), 202: running },
  failures: writeFailures,
  handle: async (call, services) => {
    const patientGuid = call.params.guid;
    const { orderId, outcome } = await orderWrite(call, services, {
      key: call.headers['idempotency-key'],
      isTest: false,
      target: patientGuid,
      request: { patientGuid, ...call.body },
      waitMs: call.query.waitMs,
      content: { kind: 'comment', patientGuid, text: call.body.text },
    });
    if (outcome === null) return stillRunning(orderId);
    if (outcome.kind !== 'commented') throw new Problem('Internal');
    return { status: 201, body: { orderId, marker: outcome.marker } };
  },
});
