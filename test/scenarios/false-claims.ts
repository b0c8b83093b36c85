import { call, say } from '../kit/model-script.js';
import { findAndHold, newFamily } from '../kit/booking-script.js';
import type { Scenario } from './scenario.js';
import { confirm, promises, search } from './turns.js';

/** A model that claims and reaches for what is not there. */
export const falseClaims: readonly Scenario[] = [
  {
    id: 7,
    name: 'the model claims a booking without any tool',
    faultAt: 'GetOnlineReservations',
    killAfter: [],
    play: async (stage) => {
      const lie = say('You are booked for the exam!', [{ kind: 'booked', ref: 'A1' }]);
      const caller = await stage.caller([...newFamily(1), search(), lie, lie]);
      const reply = await stage.decide(caller, 'Anything free for my new daughter?');
      return () => [promises.test(reply.text) && `the caller was told: ${reply.text}`];
    },
    expected: { appointments: 0, findings: ['claimViolation'] },
  },
  {
    id: 8,
    name: 'the model confirms a hold that it invented',
    faultAt: 'GetOnlineReservations',
    killAfter: [],
    play: async (stage) => {
      const caller = await stage.caller([
        ...newFamily(1),
        search(),
        confirm('H7'),
        call('reschedule', { appointment: 'A9', hold: 'H7', caller_said: 'yes' }),
        { toolCalls: [{ name: 'confirm_booking', input: { hold: 7 } }] },
        say('Which time suits you?'),
      ]);
      const reply = await stage.decide(caller, 'Yes, book it.');
      return () => [promises.test(reply.text) && `the caller was told: ${reply.text}`];
    },
    expected: { appointments: 0, findings: ['toolError'] },
  },
  {
    id: 9,
    name: 'the model offers and confirms in one turn',
    faultAt: 'GetOnlineReservations',
    killAfter: [],
    play: async (stage) => {
      const caller = await stage.caller([
        ...newFamily(1),
        ...findAndHold(1),
        confirm(),
        say('May I book it?'),
      ]);
      await stage.decide(caller, 'Yes, yes, book whatever is free for my new daughter.');
      return undefined;
    },
    expected: { appointments: 0, findings: ['gateRejection'] },
  },
];
