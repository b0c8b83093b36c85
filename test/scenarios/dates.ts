import { formatDay, formatTime } from '../../domain/time/practice-time.js';
import { call, say } from '../kit/model-script.js';
import { consentToHold, newFamily } from '../kit/booking-script.js';
import { orderBoundaries, type Scenario } from './scenario.js';
import { dayFromToday } from './stage.js';
import { askForYes, confirm } from './turns.js';

const spokenStart = (start: string): string =>
  `${formatDay(start.slice(0, 10), 'en')} at ${formatTime(start)}`;

/** Whose day and whose hour it is. */
export const dates: readonly Scenario[] = [
  {
    id: 17,
    name: '"nine in the morning" from another zone',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller([
        ...newFamily(1),
        call('find_slots', {
          visit_type: 'exam',
          location: 'lakeside',
          from: dayFromToday(2),
          to: dayFromToday(30),
          part_of_day: 'morning',
          patients: ['P1'],
        }),
        call('hold_slots', { visits: [{ patient: 'P1', slot: 'S1' }] }),
        say('Shall I?'),
        ...consentToHold(1),
      ]);
      const asked = await stage.say(caller, 'Nine in the morning; I am calling from Seattle.');
      await stage.decide(caller, 'Yes.');
      return ({ made, rows }) => {
        const [booked] = made;
        const entry = rows.ledger.find(({ kind }) => kind === 'booked');
        return [
          !asked.text.includes('local time') && 'the caller was not told whose clock counts',
          booked !== undefined &&
            !asked.text.includes(spokenStart(booked.start)) &&
            `booked ${booked.start}, read back: ${asked.text}`,
          (entry?.detail as { start?: string } | undefined)?.start !== booked?.start &&
            'the ledger has another wall clock',
        ];
      };
    },
    expected: { appointments: 1, patients: 1 },
  },
  {
    id: 18,
    name: '"next Friday", 31 April, 02/03',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller([
        ...askForYes(1).slice(0, -1),
        confirm(),
        say('Next Friday then, shall I?'),
        confirm(),
        say('Which day do you mean?'),
        ...consentToHold(1),
      ]);
      const asked = await stage.say(caller, 'Yes, next Friday or 31 April, my daughter is new.');
      await stage.say(caller, 'Yes, 02/03 please.');
      const early = (await caller.state()).ledger.length;
      await stage.decide(caller, 'Yes, please book it.');
      return ({ made: [booked] }) => [
        early > 0 && 'booked on a date that was not read back',
        booked !== undefined &&
          !asked.text.includes(spokenStart(booked.start)) &&
          `booked ${booked.start}, read back: ${asked.text}`,
      ];
    },
    expected: { appointments: 1, patients: 1, findings: ['gateRejection'] },
  },
];
