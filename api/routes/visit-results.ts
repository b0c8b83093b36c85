import { z } from 'zod';
import type { DeskOutcome } from '../../workflows/practice-desk/messages.js';

type Visits = Extract<DeskOutcome, { readonly kind: 'visits' }>['visits'];

/** What became of one visit of an order. */
export const visitResult = z.object({
  /** `V1` is the first visit of the request. */
  patientRef: z.string(),
  kind: z.enum(['booked', 'notBooked', 'beingChecked']),
  patientGuid: z.string().nullable(),
  appointmentGuid: z.string().optional(),
  start: z.string().optional(),
  why: z.string().optional(),
});

/** The visits of an order as the API tells them. */
export const visitsOf = (visits: Visits): z.output<typeof visitResult>[] =>
  visits.map((visit) => {
    const { patientRef, kind, patientGuid } = visit;
    switch (visit.kind) {
      case 'booked':
        return {
          patientRef,
          kind,
          patientGuid,
          appointmentGuid: visit.appointmentGuid,
          start: visit.slot.start,
        };
      case 'notBooked':
        return { patientRef, kind, patientGuid, why: visit.why };
      case 'beingChecked':
        return { patientRef, kind, patientGuid };
    }
  });
