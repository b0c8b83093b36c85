import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as saga from './state.js';
import type { VisitOrder, VisitResult } from './types.js';

const slot = {
  viewGuid: 'v',
  columnGuid: 'c',
  locationGuid: 'l',
  locationKey: 'north',
  start: '2030-03-05T09:00',
  minutes: 40,
  slotClass: 'Exams',
};
const orderOf = (people: number, policy: VisitOrder['policy']): VisitOrder => ({
  tenantId: 'sample-ortho',
  environment: 'sandbox',
  conversationId: 'c1',
  orderSeq: 1,
  policy,
  visits: Array.from({ length: people }, (_, index) => ({
    patientRef: `P${index + 1}`,
    person: { kind: 'existing', patientGuid: `g${index + 1}` },
    slot,
    visitTypeKey: 'exam',
  })),
  replaces: null,
  settleMs: 0,
});
const kinds = ['booked', 'slotTaken', 'refused', 'unavailable', 'beingChecked'] as const;
const resultOf = (kind: (typeof kinds)[number], index: number): VisitResult => {
  const who = { patientRef: `P${index + 1}`, patientGuid: `g${index + 1}` };
  if (kind === 'booked') return { ...who, kind, appointmentGuid: `a${index + 1}`, slot };
  return kind === 'beingChecked' ? { ...who, kind } : { ...who, kind: 'notBooked', why: kind };
};

/** Runs an order as the workflow does; every cancel works when `undoWorks`. */
function run(
  policy: VisitOrder['policy'],
  results: readonly (typeof kinds)[number][],
  undoWorks: boolean,
): saga.OrderState {
  let state = saga.begin(orderOf(results.length, policy));
  for (const [index, kind] of results.entries()) {
    if (!saga.mayGoOn(state)) break;
    state = saga.record(state, resultOf(kind, index));
  }
  for (const booking of saga.toUndo(state))
    state = saga.undone(state, booking.patientRef, undoWorks ? 'undone' : 'beingChecked');
  return state;
}

const results = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 });

describe('an order', () => {
  it('has exactly one result for each visit, in their order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('allOrNone' as const, 'keepBooked' as const),
        results,
        fc.boolean(),
        (policy, given, works) => {
          const { visits } = saga.outcomeOf(run(policy, given, works));
          expect(visits.map((visit) => visit.patientRef)).toEqual(given.map((_, index) => `P${index + 1}`));
        },
      ),
    );
  });

  it('under allOrNone leaves no sibling booked beside one that certainly is not', () => {
    fc.assert(
      fc.property(results, fc.boolean(), (given, works) => {
        const { visits } = saga.outcomeOf(run('allOrNone', given, works));
        const kindsFound = new Set(visits.map((visit) => visit.kind));
        expect(kindsFound.has('booked') && kindsFound.has('notBooked')).toBe(false);
      }),
    );
  });

  it('under keepBooked tries everybody and keeps what was booked', () => {
    fc.assert(
      fc.property(results, (given) => {
        const { visits } = saga.outcomeOf(run('keepBooked', given, true));
        expect(visits.filter((visit) => visit.kind === 'booked')).toHaveLength(
          given.filter((kind) => kind === 'booked').length,
        );
      }),
    );
  });

  it('never calls an undo that did not work undone', () => {
    const { visits } = saga.outcomeOf(run('allOrNone', ['booked', 'slotTaken'], false));
    expect(visits[0]?.kind).toBe('beingChecked');
  });

  it('is one word for operators: failed when staff must look into it', () => {
    const name = (
      given: readonly (typeof kinds)[number][],
      replaced: saga.OrderState['replaced'] = null,
    ): string => saga.namedOutcome({ ...run('keepBooked', given, true), replaced });
    expect(name(['booked', 'slotTaken'])).toBe('booked');
    expect(name(['slotTaken'])).toBe('failed');
    expect(name(['booked', 'beingChecked'])).toBe('failed');
    expect(name(['booked'], 'cancelled')).toBe('rescheduled');
    expect(name(['booked'], 'incomplete')).toBe('failed');
  });
});
