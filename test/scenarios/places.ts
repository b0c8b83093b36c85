import { call, say } from '../kit/model-script.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { expireHolds } from './rows.js';
import { orderBoundaries, type Scenario } from './scenario.js';
import { askForYes, confirm, hold, search } from './turns.js';

/** Who gets a place that several want. */
export const places: readonly Scenario[] = [
  {
    id: 4,
    name: 'two conversations race for one place',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const turns = () => [
        ...newFamily(1),
        search(),
        say('There is one.'),
        hold('S1'),
        say('Shall I book it?'),
        ...consentToHold(1),
        say('It did not work.'),
      ];
      const [first, second] = [await stage.caller(turns()), await stage.caller(turns())];
      const both = (text: string) => Promise.all([stage.say(first, text), stage.say(second, text)]);
      await both('My son is new.');
      await both('The first one please.');
      const holder = (await stage.heldBy(first)).length > 0 ? first : second;
      const other = holder === first ? second : first;
      const replies = await Promise.all([
        stage.decide(holder, 'Yes, book it.'),
        stage.say(other, 'Yes, book it.'),
      ]);
      return () => [
        replies.filter(({ outcome }) => outcome === 'booked').length !== 1 && 'not exactly one was told',
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
  {
    id: 5,
    name: 'the hold runs out, the front desk takes the place',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller([
        ...askForYes(1),
        confirm(),
        say('That time is gone. Shall I look for another?'),
        ...findAndHold(1).map((turn, index) => (index === 1 ? hold('S2') : turn)),
        say('Shall I book it?'),
        confirm('H2'),
        say('Done.', [{ kind: 'booked', ref: 'A1' }]),
      ]);
      await stage.say(caller, 'My daughter is new.');
      const [lost] = await stage.deskTakesHeld(caller);
      await expireHolds(stage.stack, caller.conversationId);
      await stage.say(caller, 'Yes, book it.');
      const early = (await caller.state()).ledger.length;
      await stage.say(caller, 'Then another one.');
      await stage.decide(caller, 'Yes, please.');
      return ({ made }) => [
        early > 0 && 'booked before a new place was agreed on',
        made.some((row) => row.start === lost?.start && row.columnGuid === lost.columnGuid) &&
          'booked onto the place of the desk',
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
  {
    id: 10,
    name: '"Book the first... no wait, the second" in two fast messages',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const { model } = stage.stack;
      const caller = await stage.caller([
        ...newFamily(1),
        search(),
        say('There are two.'),
        hold('S1'),
        { hold: true },
        hold('S2'),
        say('Shall I book it?'),
        call('confirm_booking', { hold: 'H2', caller_said: 'yes' }),
        say('Done.', [{ kind: 'booked', ref: 'A1' }]),
      ]);
      await stage.say(caller, 'My daughter is new.');
      const calls = await model.calls();
      const first = stage.say(caller, 'Take the first one.');
      await model.called(calls + 2);
      const [wrong] = await stage.heldBy(caller);
      await Promise.all([first, stage.say(caller, 'No wait, the second one.')]);
      const held = await stage.heldBy(caller);
      await stage.decide(caller, 'Yes, please.');
      await model.release();
      return ({ made }) => [
        held.length !== 1 && `${held.length} places held at the same time`,
        made.some((row) => row.start === wrong?.start && row.columnGuid === wrong.columnGuid) &&
          'booked the place that was taken back',
        made[0]?.start !== held[0]?.start && 'booked another place than the one agreed on',
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
];
