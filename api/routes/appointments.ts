import { z } from 'zod';
import { visitProblem } from '../../domain/booking/visit-rules.js';
import type { Tenant } from '../../domain/tenant.js';
import { addDays } from '../../domain/time/practice-time.js';
import type { DeskOutcome } from '../../workflows/practice-desk/messages.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import { idempotent, orderWrite, running, stillRunning, waitQuery, writeFailures } from './desk-order.js';
import { date, guid, lookUpFailures, newPerson } from './patients.js';
import { openPlace, refuseOld, sealPlace, type OfferedPlace } from './slot-token.js';
import { visitResult, visitsOf } from './visit-results.js';

const params = z.strictObject({ guid });
const token = z.string().min(20).max(2_000);

const appointment = z.object({
  appointmentGuid: z.string(),
  patientGuid: z.string(),
  /** Wall clock of the office, `YYYY-MM-DDTHH:MM`. */
  start: z.string(),
  minutes: z.number(),
  status: z.string(),
  appointmentTypeGuid: z.string(),
  appointmentType: z.string(),
  locationGuid: z.string(),
  locationKey: z.string().nullable(),
  confirmed: z.boolean(),
  patientName: z.string().optional(),
});

export const listAppointments = tenantRoute({
  method: 'get',
  path: '/api/appointments',
  role: 'operator',
  summary: 'Appointments of one patient (`patient`) or of one day (`date`), each once, whatever their status',
  query: z
    .strictObject({ patient: guid.optional(), date: date.optional() })
    .refine(({ patient, date: day }) => (patient === undefined) !== (day === undefined), {
      path: ['patient, date'],
      error: 'give one of them',
    }),
  answers: {
    200: z.object({
      appointments: z.array(appointment),
      /** False when the practice system cut its answer off at 1,000 rows: whole offices may be missing. */
      complete: z.boolean(),
    }),
  },
  failures: lookUpFailures,
  handle: async ({ tenant, environment, query }, { practiceDesk, loggers }) => {
    const practice = { tenantId: tenant.slug, environment };
    if (query.patient !== undefined) {
      const { appointments } = await practiceDesk.lookUp({
        kind: 'appointmentsOfPatient',
        ...practice,
        patientGuid: query.patient,
      });
      return { status: 200, body: { appointments, complete: true } };
    }
    const day = query.date ?? '';
    const body = await practiceDesk.lookUp({ kind: 'appointmentsOfDay', ...practice, date: day });
    if (!body.complete)
      loggers.log.error('list of a day is cut off by the practice system', { ...practice, day });
    return { status: 200, body };
  },
});

/** Longest search that the practice system is known to answer (cloud9.md 3.3). */
const mostDays = 90;

export const listAvailable = tenantRoute({
  method: 'get',
  path: '/api/appointments/available',
  role: 'operator',
  summary: 'Free slots for one kind of visit at one office, earliest first, with the age of the answer',
  query: z
    .strictObject({
      location: z.string(),
      visitType: z.string(),
      from: date,
      to: date,
      partOfDay: z.enum(['any', 'morning', 'afternoon']).default('any'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    })
    .refine(({ from, to }) => from <= to && to <= addDays(from, mostDays), {
      path: ['from, to'],
      error: `must be in order and at most ${mostDays} days apart`,
    }),
  answers: {
    200: z.object({
      slots: z.array(
        z.object({
          /** Give it back as it is to book this place. */
          slot: z.string(),
          start: z.string(),
          minutes: z.number(),
          location: z.string(),
          slotClass: z.string(),
        }),
      ),
      fetchedAtMs: z.number(),
      ageMs: z.number(),
    }),
  },
  failures: lookUpFailures,
  handle: async ({ tenant, environment, query }, { practiceDesk, sealer, clock }) => {
    const { location: locationKey, visitType: visitTypeKey, from, to, partOfDay, limit } = query;
    const { slots, fetchedAtMs } = await practiceDesk.lookUp({
      kind: 'available',
      tenantId: tenant.slug,
      environment,
      locationKey,
      visitTypeKey,
      from,
      to,
      partOfDay,
    });
    const body = {
      slots: slots.slice(0, limit).map((slot) => ({
        slot: sealPlace(sealer, tenant.slug, environment, { slot, visitTypeKey, fetchedAtMs }),
        start: slot.start,
        minutes: slot.minutes,
        location: slot.locationKey,
        slotClass: slot.slotClass,
      })),
      fetchedAtMs,
      ageMs: Math.max(0, clock.nowMs() - fetchedAtMs),
    };
    return { status: 200, body };
  },
});

const booked = z.object({
  orderId: z.string(),
  outcome: z.enum(['booked', 'partlyBooked', 'beingChecked', 'moved', 'rescheduleIncomplete']),
  visits: z.array(visitResult),
});

/** The answer of a booking order; throws when nothing was booked. */
function answerOf(orderId: string, outcome: DeskOutcome): z.input<typeof booked> {
  if (outcome.kind !== 'visits') throw new Problem('Internal');
  const { visits, replaced } = outcome;
  const count = visits.filter(({ kind }) => kind === 'booked').length;
  const checked = visits.some(({ kind }) => kind === 'beingChecked');
  if (count === 0) {
    if (checked)
      throw new Problem('OutcomeUnknown', {
        detail: `A person must look: staff task desk.${orderId}.1.unclear.`,
      });
    const whys = visits.flatMap((visit) => (visit.kind === 'notBooked' ? [visit.why] : []));
    if (whys.includes('slotTaken')) throw new Problem('SlotTaken');
    if (whys.includes('refused')) throw new Problem('Cloud9Refused');
    throw new Problem('Cloud9Unavailable', {
      detail: 'Nothing was booked. Order it again under a new Idempotency-Key.',
    });
  }
  const whole = count === visits.length;
  const plain = whole ? 'booked' : checked ? 'beingChecked' : 'partlyBooked';
  return {
    orderId,
    outcome: replaced === null ? plain : replaced === 'cancelled' ? 'moved' : 'rescheduleIncomplete',
    visits: visitsOf(visits),
  };
}

/** Throws ValidationFailed for a visit that this practice does not offer, or not to somebody of that age. */
function refuseUnfitVisit(
  { visitTypes, locations }: Tenant,
  { slot, visitTypeKey }: OfferedPlace,
  birthDate: string | null,
  path: string,
  nowUtcMs: number,
): void {
  const visitType = visitTypes.find(({ key }) => key === visitTypeKey);
  const office = locations.find(({ key }) => key === slot.locationKey);
  const problem =
    visitType && office
      ? visitProblem({ visitType, birthDate, timeZone: office.timeZone, nowUtcMs })
      : { sayHint: 'is for a visit or an office that this practice no longer has' };
  if (problem) throw new Problem('ValidationFailed', { errors: [{ path, message: problem.sayHint }] });
}

export const createAppointments = tenantRoute({
  method: 'post',
  path: '/api/appointments',
  role: 'operator',
  summary: 'Books one visit, or several of one family, once for each Idempotency-Key',
  headers: idempotent,
  query: waitQuery,
  body: z.strictObject({
    visits: z
      .array(
        z.strictObject({
          slot: token,
          patient: z.union([z.strictObject({ patientGuid: guid }), newPerson]),
        }),
      )
      .min(1)
      .max(8),
    test: z.boolean().default(false),
  }),
  answers: { 201: booked, 202: running },
  failures: [...writeFailures, 'SlotTaken'],
  handle: async (call, services) => {
    const { tenant, environment, body, headers, query } = call;
    const places = body.visits.map(({ slot }) => openPlace(services, tenant.slug, environment, slot));
    if (new Set(places.map(({ slot }) => `${slot.columnGuid} ${slot.start}`)).size !== places.length) {
      throw new Problem('ValidationFailed', {
        errors: [{ path: 'visits', message: 'each needs a slot of its own' }],
      });
    }
    const refuseUnfit = (): void => {
      for (const [index, offered] of places.entries()) {
        const patient = body.visits[index]?.patient;
        const birthDate = patient && 'birthDate' in patient ? patient.birthDate : null;
        refuseOld(offered, services.clock.nowMs());
        refuseUnfitVisit(tenant, offered, birthDate, `visits.${index}`, services.clock.nowMs());
      }
    };
    const visits = places.map(({ slot, visitTypeKey }, index) => {
      const { patient } = body.visits[index] as (typeof body.visits)[number];
      return {
        patientRef: `V${index + 1}`,
        person:
          'patientGuid' in patient
            ? ({ kind: 'existing', patientGuid: patient.patientGuid } as const)
            : ({ kind: 'new', ...patient } as const),
        slot,
        visitTypeKey,
      };
    });
    const { orderId, outcome } = await orderWrite(call, services, {
      key: headers['idempotency-key'],
      isTest: body.test,
      target: places.map(({ slot }) => `${slot.locationKey} ${slot.start}`).join(', '),
      request: body,
      waitMs: query.waitMs,
      content: { kind: 'book', visits, policy: tenant.booking.siblings },
      check: refuseUnfit,
    });
    if (outcome === null) return stillRunning(orderId);
    return { status: 201, body: answerOf(orderId, outcome) };
  },
});

/** A change of one appointment of one patient that is its own key: sent twice it changes nothing more. */
const changeOf = (kind: 'confirm' | 'cancel', summary: string) =>
  tenantRoute({
    method: 'post',
    path: `/api/appointments/{guid}/${kind}`,
    role: 'operator',
    summary,
    params,
    query: waitQuery,
    body: z.strictObject({ patientGuid: guid }),
    answers: {
      200: z.object({
        orderId: z.string(),
        outcome: z.enum(['confirmed', 'cancelled', 'alreadyCancelled']),
      }),
      202: running,
    },
    failures: writeFailures,
    handle: async (call, services) => {
      const appointmentGuid = call.params.guid;
      const { patientGuid } = call.body;
      const { orderId, outcome } = await orderWrite(call, services, {
        key: null,
        isTest: false,
        target: appointmentGuid,
        request: call.body,
        waitMs: call.query.waitMs,
        content: { kind, appointmentGuid, patientGuid },
      });
      if (outcome === null) return stillRunning(orderId);
      const { kind: done } = outcome;
      if (done !== 'confirmed' && done !== 'cancelled' && done !== 'alreadyCancelled')
        throw new Problem('Internal');
      return { status: 200, body: { orderId, outcome: done } };
    },
  });

export const confirmAppointment = changeOf(
  'confirm',
  'Confirms a scheduled appointment of this patient and reads it back',
);

export const cancelAppointment = changeOf(
  'cancel',
  'Cancels an appointment of this patient; one that is cancelled already is no error',
);

export const rescheduleAppointment = tenantRoute({
  method: 'post',
  path: '/api/appointments/{guid}/reschedule',
  role: 'operator',
  summary: 'Books the new slot, verifies it, then cancels the old appointment; once for each Idempotency-Key',
  params,
  headers: idempotent,
  query: waitQuery,
  body: z.strictObject({ patientGuid: guid, slot: token, test: z.boolean().default(false) }),
  answers: { 201: booked, 202: running },
  failures: [...writeFailures, 'SlotTaken'],
  handle: async (call, services) => {
    const { tenant, environment, body } = call;
    const appointmentGuid = call.params.guid;
    const offered = openPlace(services, tenant.slug, environment, body.slot);
    const { slot, visitTypeKey } = offered;
    // The new appointment of a test is a test's as well, whoever moves it.
    const isTest =
      body.test || (await services.store.testRecords.has(tenant.slug, environment, appointmentGuid));
    const { orderId, outcome } = await orderWrite(call, services, {
      key: call.headers['idempotency-key'],
      isTest,
      target: appointmentGuid,
      request: { appointmentGuid, ...body },
      waitMs: call.query.waitMs,
      content: { kind: 'reschedule', appointmentGuid, patientGuid: body.patientGuid, slot, visitTypeKey },
      check: () => {
        refuseOld(offered, services.clock.nowMs());
      },
    });
    if (outcome === null) return stillRunning(orderId);
    return { status: 201, body: answerOf(orderId, outcome) };
  },
});
