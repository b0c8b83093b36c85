import { z } from 'zod';
import type { ReferenceItem, ReferenceKind } from '../../domain/reference/reference-data.js';
import type { Environment, Tenant } from '../../domain/tenant.js';
import type { ReferenceSet } from '../../platform/store/reference-data.js';
import { leaveAudit } from '../audit.js';
import { tenantRoute } from '../route.js';
import { lookUpFailures } from './patients.js';
import type { ApiServices } from '../services.js';

/** Changes that an answer shows; they are few a year. */
const changesShown = 50;

const change = z.object({
  changeId: z.string(),
  key: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  before: z.unknown(),
  after: z.unknown(),
  atMs: z.number(),
});

const age = {
  /** When the practice system gave this data; null before the first good answer. */
  readAtMs: z.number().nullable(),
  ageMs: z.number().nullable(),
  /** The last try to read it again, which may have failed. */
  lastTry: z
    .object({
      atMs: z.number(),
      result: z.enum(['synced', 'suspicious', 'throttled', 'unavailable', 'notConfigured']),
    })
    .nullable(),
  changes: z.array(change),
};

interface Asked {
  readonly tenant: Tenant;
  readonly environment: Environment;
}

async function read(
  { tenant, environment }: Asked,
  kind: ReferenceKind,
  { store, clock }: Pick<ApiServices, 'store' | 'clock'>,
): Promise<{ readonly set: ReferenceSet; readonly about: z.output<z.ZodObject<typeof age>> }> {
  const owner = { tenantId: tenant.slug, environment, kind };
  const set = await store.referenceData.get(owner);
  const changes = await store.referenceData.changes(owner, changesShown);
  const { readAtMs, lastTry } = set;
  const ageMs = readAtMs === null ? null : Math.max(0, clock.nowMs() - readAtMs);
  return { set, about: { readAtMs, ageMs, lastTry, changes: [...changes] } };
}

/** Rows of our own store, written by the sync in the shape of the schema; the schema cuts off what it does not name. */
const rows = <Row extends z.ZodObject>(
  schema: Row,
  items: readonly (ReferenceItem & { readonly changedAtMs: number })[],
  own: (item: ReferenceItem) => Readonly<Record<string, unknown>>,
): z.output<Row>[] =>
  items.map((item) => schema.parse({ ...item.value, ...own(item), changedAtMs: item.changedAtMs }));

const chair = z.object({
  viewGuid: z.string(),
  viewName: z.string(),
  columnGuid: z.string(),
  columnName: z.string(),
  order: z.number(),
  opens: z.string().nullable(),
  closes: z.string().nullable(),
});

const location = z.object({
  locationGuid: z.string(),
  /** Key of the office in this product; null for one that the tenant does not serve. */
  key: z.string().nullable(),
  name: z.string(),
  code: z.string(),
  /** IANA zone; null for a Windows zone that is not known. */
  timeZone: z.string().nullable(),
  address: z.string(),
  city: z.string(),
  state: z.string(),
  postalCode: z.string(),
  chairs: z.array(chair),
  changedAtMs: z.number(),
});

export const listLocations = tenantRoute({
  method: 'get',
  path: '/api/reference/locations',
  role: 'viewer',
  summary: 'Offices of the practice system with their chairs, how old this is, and what changed',
  answers: { 200: z.object({ ...age, locations: z.array(location) }) },
  handle: async (call, services) => {
    const { set, about } = await read(call, 'locations', services);
    const chairs = await read(call, 'chairs', services);
    const body = {
      ...about,
      locations: rows(location, set.items, ({ key: locationGuid }) => ({
        locationGuid,
        key: call.tenant.locations.find((known) => known.locationGuid === locationGuid)?.key ?? null,
        chairs: chairs.set.items
          .map(({ value }) => value)
          .filter((value) => value['locationGuid'] === locationGuid),
      })),
    };
    return { status: 200, body };
  },
});

const provider = z.object({
  providerGuid: z.string(),
  code: z.string(),
  /** Empty for one that the tenant's file names and no appointment has shown yet. */
  name: z.string(),
  changedAtMs: z.number(),
});

export const listProviders = tenantRoute({
  method: 'get',
  path: '/api/reference/providers',
  role: 'viewer',
  summary: 'Orthodontists as appointments name them; the practice system lists none',
  answers: { 200: z.object({ ...age, providers: z.array(provider) }) },
  handle: async (call, services) => {
    const { set, about } = await read(call, 'providers', services);
    return {
      status: 200,
      body: { ...about, providers: rows(provider, set.items, ({ key }) => ({ providerGuid: key })) },
    };
  },
});

const appointmentType = z.object({
  appointmentTypeGuid: z.string(),
  /** Key of the visit type in this product; null for one that callers cannot book. */
  key: z.string().nullable(),
  code: z.string(),
  description: z.string(),
  minutes: z.number(),
  online: z.boolean(),
  changedAtMs: z.number(),
});

export const listAppointmentTypes = tenantRoute({
  method: 'get',
  path: '/api/reference/appointment-types',
  role: 'viewer',
  summary: 'Kinds of appointments of the practice system',
  answers: { 200: z.object({ ...age, appointmentTypes: z.array(appointmentType) }) },
  handle: async (call, services) => {
    const { set, about } = await read(call, 'appointmentTypes', services);
    const body = {
      ...about,
      appointmentTypes: rows(appointmentType, set.items, ({ key: appointmentTypeGuid }) => ({
        appointmentTypeGuid,
        key:
          call.tenant.visitTypes.find((known) => known.appointmentTypeGuid === appointmentTypeGuid)?.key ??
          null,
      })),
    };
    return { status: 200, body };
  },
});

const kindResult = z.object({
  kind: z.enum(['locations', 'chairs', 'appointmentTypes', 'providers']),
  result: z.enum(['synced', 'suspicious', 'overtaken', 'throttled', 'unavailable', 'notConfigured']),
  added: z.number().optional(),
  changed: z.number().optional(),
  removed: z.number().optional(),
});

export const refreshReference = tenantRoute({
  method: 'post',
  path: '/api/reference/refresh',
  role: 'operator',
  summary: 'Reads the reference data again now, or joins the sync that runs; 202 while it goes on',
  query: z.strictObject({ waitMs: z.coerce.number().int().min(0).max(60_000).default(25_000) }),
  body: z.strictObject({
    /** Takes an answer in which most known records are gone; without it that is held to be a fault. */
    acceptLoss: z.boolean().default(false),
  }),
  answers: {
    200: z.object({
      workflowId: z.string(),
      joined: z.boolean(),
      outcome: z.enum(['synced', 'partial', 'kept']),
      kinds: z.array(kindResult),
    }),
    202: z.object({ workflowId: z.string(), joined: z.boolean(), status: z.literal('running') }),
  },
  failures: ['TemporalUnavailable', 'WorkerUnavailable'],
  handle: async (call, { practiceDesk, store }) => {
    const { tenant, environment, query, body } = call;
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'reference.refresh',
      target: environment,
      detail: body,
    });
    const order = { tenantId: tenant.slug, environment, acceptLoss: body.acceptLoss };
    const refresh = await practiceDesk.refreshReference(order, query.waitMs);
    call.correlate(refresh.workflowId);
    const { workflowId, joined } = refresh;
    if (refresh.kind === 'running')
      return { status: 202, body: { workflowId, joined, status: 'running' as const } };
    return { status: 200, body: { workflowId, joined, ...refresh.outcome } };
  },
});

/** What a person can do about each kind of problem. */
const advice = {
  unknownOffice: 'The practice system has no office with this GUID: correct locationGuid.',
  otherZone: 'The practice system has another time zone for this office: every appointment would be moved.',
  unknownVisitType: 'The practice system has no such appointment type: correct appointmentTypeGuid.',
  notOnline: 'This appointment type is not open for online scheduling: every booking would be refused.',
  otherMinutes: 'The practice system has another length for this appointment type: correct minutes.',
} as const;

export const checkReference = tenantRoute({
  method: 'get',
  path: '/api/reference/check',
  role: 'operator',
  summary: 'Compares the settings of the practice (`tenant.json`) with its practice system',
  answers: {
    200: z.object({
      problems: z.array(
        z.object({
          kind: z.enum(['unknownOffice', 'otherZone', 'unknownVisitType', 'notOnline', 'otherMinutes']),
          /** Key of the office or visit type in `tenant.json`. */
          key: z.string(),
          advice: z.string(),
        }),
      ),
    }),
  },
  failures: lookUpFailures,
  handle: async ({ tenant, environment }, { practiceDesk }) => {
    const { problems } = await practiceDesk.lookUp({ kind: 'setup', tenantId: tenant.slug, environment });
    const body = { problems: problems.map((found) => ({ ...found, advice: advice[found.kind] })) };
    return { status: 200, body };
  },
});
