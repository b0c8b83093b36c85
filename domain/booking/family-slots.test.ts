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

it('fills up with more of one day when other days have nothing', () => {
  const oneDay = ['09:00', '09:40', '10:20', '11:00', '13:00'].map((time) =>
    slot('c1', `2030-03-05T${time}`),
  );
  expect(familyOffers(oneDay, 1, 40, 6)).toHaveLength(5);
  expect(familyOffers(oneDay, 1, 40, 3).map(([only]) => only?.start.slice(11))).toEqual([
    '09:00',
    '10:20',
    '11:00',
  ]);
});

it('offers one start once while other starts are free', () => {
  const chairs = ['c1', 'c2', 'c3'].flatMap((chair) => [
    slot(chair, '2030-03-05T09:00'),
    slot(chair, '2030-03-05T09:40'),
  ]);
  expect(familyOffers(chairs, 1, 40, 2).map(([only]) => only?.start.slice(11))).toEqual(['09:00', '09:40']);
});

it('never mixes locations or days in one set', () => {
  const lakeside = { ...slot('c9', '2030-03-05T09:40'), locationKey: 'lakeside' };
  expect(familyOffers([slot('c1', '2030-03-05T09:00'), lakeside], 2, 40, 6)).toEqual([]);
  expect(
    familyOffers([slot('c1', '2030-03-05T23:40', 20), slot('c1', '2030-03-06T00:00')], 2, 40, 6),
  ).toEqual([]);
});

/** Every set that the rule of cloud9.md 6.8 allows, by trying them all. */
const someSetExists = (slots: readonly Slot[], people: number): boolean => {
  const start = (one: Slot) => Date.parse(`${one.start}Z`) / 60_000;
  const clash = (a: Slot, b: Slot) =>
    a.columnGuid === b.columnGuid && start(a) < start(b) + b.minutes && start(b) < start(a) + a.minutes;
  const extend = (set: readonly Slot[]): boolean =>
    set.length === people ||
    slots.some((next) => {
      const last = set.at(-1);
      if (set.some((other) => other === next || clash(other, next))) return false;
      if (!last) return extend([next]);
      const gap = start(next) - start(last);
      return (gap === 0 || (gap >= last.minutes && gap <= last.minutes + 40)) && extend([...set, next]);
    });
  return extend([]);
};

it('finds a set whenever there is one', () => {
  const anySlot = fc
    .tuple(fc.constantFrom('c1', 'c2'), fc.integer({ min: 0, max: 14 }), fc.constantFrom(20, 40, 60))
    .map(([column, step, minutes]) =>
      slot(
        column,
        `2030-03-05T${String(8 + Math.floor(step / 3)).padStart(2, '0')}:${(step % 3) * 20 || '00'}`,
        minutes,
      ),
    );
  const distinct = fc.uniqueArray(anySlot, { maxLength: 9, selector: (one) => one.columnGuid + one.start });
  fc.assert(
    fc.property(distinct, fc.integer({ min: 2, max: 4 }), (slots, people) => {
      expect(familyOffers(slots, people, 40, 6).length > 0).toBe(someSetExists(slots, people));
    }),
    { numRuns: 500 },
  );
});

it('stays quick with three thousand slots that overlap and lead nowhere', () => {
  const minute = (step: number) =>
    `${String(8 + Math.floor(step / 60)).padStart(2, '0')}:${String(step % 60).padStart(2, '0')}`;
  const crowded = Array.from({ length: 3_000 }, (_, index) =>
    slot(
      `c${index % 6}`,
      `2030-03-${String(5 + (index % 5)).padStart(2, '0')}T${minute(Math.floor(index / 30) * 5)}`,
      120,
    ),
  );
  const begun = performance.now();
  for (const people of [1, 2, 3, 6, 8]) familyOffers(crowded, people, 40, 6);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
