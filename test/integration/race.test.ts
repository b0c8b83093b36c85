import { afterAll, beforeAll, expect, it } from 'vitest';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const repetitions = 50;

it(`gives one slot to one of two callers, ${repetitions} times`, { timeout: 300_000 }, async () => {
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = (await stack.practice.bookings()).length;
    await Promise.all(
      [1, 2].map(async () => {
        const caller = await stack.caller();
        await stack.model.play(caller.conversationId, [
          ...newFamily(1),
          ...findAndHold(1),
          say('Shall I book it?'),
          ...consentToHold(1),
          say('It did not work.'),
        ]);
        await caller.say('My son is new. The very first slot please.');
        await caller.say('Yes, book it.');
      }),
    );
    const bookings = (await stack.practice.bookings()).slice(before);
    const places = new Set(bookings.map((row) => `${row.columnGuid} ${row.start}`));
    expect(bookings.length).toBeGreaterThanOrEqual(1);
    expect(places.size).toBe(bookings.length);
  }
});

it('has the second caller book nothing when the front desk took the held place meanwhile', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    ...consentToHold(1),
    say('It was just taken.'),
  ]);
  await caller.say('My son is new.');
  const held = await stack.heldPlaces();
  for (const place of held) await stack.practice.frontDeskTakes(place);
  const before = (await stack.practice.bookings()).length;
  const reply = await caller.say('Yes, book it.');

  expect(reply.outcome).not.toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before);
});
