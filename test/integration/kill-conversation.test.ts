import { expect, it } from 'vitest';
import type { Reply } from '../../workflows/booking-conversation/messages.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { say, type ScriptedTurn } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

const booked = async (): Promise<number> => (await stack.practice.bookings()).length;
const ordered = async (): Promise<number> => (await stack.practice.writes('SetAppointment')).length;

/** The model keeps its answer back until the worker that asked is gone, and gives it to the next one. */
const afterAKill = (turn: ScriptedTurn): readonly ScriptedTurn[] => [{ hold: true }, turn];

it('goes on where it was when the worker is killed between identify, search, hold, confirm and the last word', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1).flatMap(afterAKill),
    say('Shall I book it?'),
    ...consentToHold(1).flatMap(afterAKill),
  ]);
  /** Sends a message and kills the worker when the model is asked for the so-manieth time in its turn. */
  const sayThroughKills = async (text: string, killAtCalls: readonly number[]): Promise<Reply> => {
    const before = await stack.model.calls();
    const reply = caller.say(text);
    for (const number of killAtCalls) {
      await stack.model.called(before + number);
      await stack.worker.kill();
      await stack.worker.start();
    }
    return reply;
  };
  const before = { bookings: await booked(), orders: await ordered() };
  await sayThroughKills('My son is new.', [2, 4]);
  const reply = await sayThroughKills('Yes, book it.', [1, 3]);

  expect(reply).toMatchObject({ outcome: 'booked', text: 'It is booked.', turn: 2 });
  expect(await booked()).toBe(before.bookings + 1);
  expect(await ordered()).toBe(before.orders + 1);
  expect((await caller.state()).ledger).toHaveLength(1);
});
