import { describe, expect, it } from 'vitest';
import { bookableSlots, type SlotSearch } from './slot-filter.js';

const place = (change: Partial<Parameters<typeof bookableSlots>[0][number]> = {}) => ({
  viewGuid: 'view-1',
  columnGuid: 'chair-1',
  locationGuid: 'office-1',
  start: '2030-03-05T09:00',
  minutes: 40,
  className: 'Exams',
  ...change,
});

const search: SlotSearch = {
  locationGuid: 'OFFICE-1',
  locationKey: 'downtown',
  slotClasses: ['exams '],
  minutes: 40,
  partOfDay: 'any',
  from: '2030-03-05',
  to: '2030-03-06',
  earliest: '2030-03-04T10:00',
  notFree: new Set<string>(),
};

const starts = (places: readonly ReturnType<typeof place>[], change: Partial<SlotSearch> = {}) =>
  bookableSlots(places, { ...search, ...change }).map((slot) => slot.start);

describe('places that may be offered', () => {
  it('carry everything of their own record', () => {
    expect(bookableSlots([place()], search)).toEqual([
      {
        viewGuid: 'view-1',
        columnGuid: 'chair-1',
        locationGuid: 'office-1',
        locationKey: 'downtown',
        start: '2030-03-05T09:00',
        minutes: 40,
        slotClass: 'Exams',
      },
    ]);
  });

  it.each([
    ['another office', { locationGuid: 'office-2' }],
    ['a class that does not take the visit', { className: 'Adjustments' }],
    ['a block that is too short', { minutes: 20 }],
    ['the past and the lead time', { start: '2030-03-04T09:59' }],
    ['a day after the period', { start: '2030-03-07T09:00' }],
  ])('leave out %s', (_what, change) => {
    expect(starts([place(change)], { from: '2030-03-04' })).toEqual([]);
  });

  it('include the last minute of the period and a start exactly at the lead time', () => {
    const places = [place({ start: '2030-03-06T23:59' }), place({ start: '2030-03-05T08:00' })];
    expect(starts(places, { earliest: '2030-03-05T08:00' })).toEqual([
      '2030-03-05T08:00',
      '2030-03-06T23:59',
    ]);
  });

  it('divide the day at noon', () => {
    const places = [place({ start: '2030-03-05T11:59' }), place({ start: '2030-03-05T12:00' })];
    expect(starts(places, { partOfDay: 'morning' })).toEqual(['2030-03-05T11:59']);
    expect(starts(places, { partOfDay: 'afternoon' })).toEqual(['2030-03-05T12:00']);
  });

  it('leave out what another conversation holds, on that chair only', () => {
    const places = [place(), place({ columnGuid: 'chair-2' })];
    const kept = bookableSlots(places, { ...search, notFree: new Set(['chair-1@2030-03-05T09:00']) });
    expect(kept.map((slot) => slot.columnGuid)).toEqual(['chair-2']);
  });

  it('show a chair that stands in two views once, and come earliest first', () => {
    const places = [place({ start: '2030-03-05T10:20' }), place(), place({ viewGuid: 'view-2' })];
    expect(starts(places)).toEqual(['2030-03-05T09:00', '2030-03-05T10:20']);
  });
});
