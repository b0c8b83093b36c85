import { expect, it } from 'vitest';
import { addDays, formatDay, formatTime, practiceDateOf } from '../../domain/time/practice-time.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { call, say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

const fullDate = /\b(?:Mon|Tues|Wednes|Thurs|Fri)day, \w+ \d{1,2} at \d{1,2}:\d\d [AP]M/;

/** The one new appointment since `before`, in the words of a read-back. */
async function bookedSince(before: number): Promise<string> {
  const [booked, ...more] = (await stack.practice.bookings()).slice(before);
  expect(more).toEqual([]);
  return `${formatDay(booked!.start.slice(0, 10), 'en')} at ${formatTime(booked!.start)}`;
}

it('reads the full date back when the model did not, and books exactly that date after the yes', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Next Friday then. Shall I?'),
    ...consentToHold(1),
  ]);
  const asked = await caller.say('Next Friday for my daughter please, or 31 April.');
  expect(asked.text).toMatch(fullDate);
  expect(await stack.practice.bookings()).toHaveLength(before);

  const reply = await caller.say('Yes, please.');
  expect(reply.outcome).toBe('booked');
  expect(asked.text).toContain(await bookedSince(before));
});

it('takes no yes that came before the date was read back', async () => {
  const writes = (await stack.practice.writes('SetAppointment')).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('May I?'),
  ]);
  const asked = await caller.say('Yes, 02/03, book it, yes.');
  expect(asked.text).toMatch(fullDate);
  expect(await stack.practice.writes('SetAppointment')).toHaveLength(writes);
});

it('takes no yes that names another day than the one read back', async () => {
  const writes = (await stack.practice.writes('SetAppointment')).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I?'),
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('Which day do you mean?'),
  ]);
  await caller.say('My daughter is new.');
  await caller.say('Yes, February 3 please.');
  expect(await stack.practice.writes('SetAppointment')).toHaveLength(writes);
});

it('reads back and books in Spanish', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller({ language: 'es' });
  const hablar = (text: string) =>
    ({ answer: { claims: [], needs_human: false, language: 'es', say: text } }) as const;
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    hablar('El próximo viernes. ¿Le parece?'),
    call('confirm_booking', { hold: 'H1', caller_said: 'sí' }),
    {
      answer: {
        claims: [{ kind: 'booked', ref: 'A1' }],
        needs_human: false,
        language: 'es',
        say: 'Reservado.',
      },
    },
  ]);
  const asked = await caller.say('El próximo viernes para mi hija, por favor.');
  expect(asked.text).toMatch(
    /(?:lunes|martes|miércoles|jueves|viernes), \d{1,2} de \p{L}+ a las \d{1,2}:\d\d [AP]M/u,
  );
  const reply = await caller.say('Sí, por favor.');
  expect(reply.outcome).toBe('booked');
  expect(reply.language).toBe('es');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('says whose clock counts at an office in another zone, and books that wall clock', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  const today = practiceDateOf(Date.now(), 'America/Chicago');
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    call('find_slots', {
      visit_type: 'exam',
      location: 'lakeside',
      from: addDays(today, 1),
      to: addDays(today, 28),
      part_of_day: 'morning',
      patients: ['P1'],
    }),
    call('hold_slots', { visits: [{ patient: 'P1', slot: 'S1' }] }),
    say('Shall I?'),
    ...consentToHold(1),
  ]);
  const asked = await caller.say('In the morning, I am calling from Seattle.');
  expect(asked.text).toContain('local time, Lakeside');
  await caller.say('Yes.');
  expect(asked.text).toContain(await bookedSince(before));
});
