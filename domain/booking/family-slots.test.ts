import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyOffers } from './family-slots.js';
import type { Slot } from './slot.js';

const slot = (columnGuid: string, start: string, minutes = 40): Slot => ({
  viewGuid: 'v',
  columnGuid,
  locationGuid: 'l',
  locationKey: 'downtown',
  start,
  minutes,
  slotClass: 'Exams',
});

// The fixture of cloud9.md 7.2, case 42.
const fixture = [
  slot('c1', '2030-03-05T09:00'),
  slot('c1', '2030-03-05T09:40'),
  slot('c1', '2030-03-05T10:20'),
  slot('c2', '2030-03-05T09:00'),
];

it('puts two siblings on two chairs at once, or one after the other', () => {
  const offers = familyOffers(fixture, 2, 40, 6).map((set) =>
    set.map(({ columnGuid, start }) => `${columnGuid} ${start.slice(11)}`),
  );
  expect(offers).toContainEqual(['c1 09:00', 'c2 09:00']);
  expect(familyOffers(fixture.slice(0, 3), 2, 40, 6)[0]?.map(({ start }) => start.slice(11))).toEqual([
    '09:00',
    '09:40',
  ]);
});

it('finds nothing for siblings whose only slots are hours apart', () => {
  expect(familyOffers([slot('c1', '2030-03-05T09:00'), slot('c1', '2030-03-05T15:00')], 2, 40, 6)).toEqual(
    [],
  );
});

it('offers one person different hours and days, soonest first', () => {
  const days = ['2030-03-05', '2030-03-06'].flatMap((day) =>
    ['09:00', '09:40', '10:20', '11:00', '13:00'].map((time) => slot('c1', `${day}T${time}`)),
  );
  const starts = familyOffers(days, 1, 40, 6).map(([only]) => only?.start);
  expect(starts).toEqual([...starts].sort());
  expect(starts.filter((start) => start?.startsWith('2030-03-06'))).not.toEqual([]);
});

it('never offers one place twice, overlaps a chair, or leaves somebody out', () => {
  const anySlot = fc
    .tuple(fc.constantFrom('c1', 'c2', 'c3'), fc.integer({ min: 0, max: 30 }), fc.constantFrom(20, 40))
    .map(([column, step, minutes]) =>
      slot(
        column,
        `2030-03-05T${String(8 + Math.floor(step / 4)).padStart(2, '0')}:${String((step % 4) * 15).padStart(2, '0')}`,
        minutes,
      ),
    );
  fc.assert(
    fc.property(fc.array(anySlot, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (slots, people) => {
      for (const set of familyOffers(slots, people, 40, 6)) {
        expect(set).toHaveLength(people);
        expect(new Set(set.map((one) => `${one.columnGuid}${one.start}`)).size).toBe(people);
        for (const a of set) {
          for (const b of set) {
            if (a === b || a.columnGuid !== b.columnGuid || b.start < a.start) continue;
            expect(Date.parse(`${b.start}Z`) - Date.parse(`${a.start}Z`)).toBeGreaterThanOrEqual(
              a.minutes * 60_000,
            );
          }
        }
      }
    }),
  );
});
