import { say } from '../kit/model-script.js';
import { orderBoundaries, type Scenario } from './scenario.js';
import { askForYes, cancel, confirm, hold, identifyAndList, search } from './turns.js';
import { call } from '../kit/model-script.js';

/** Families that are booked in part, visits that are moved or cancelled. */
export const changes: readonly Scenario[] = [
  {
    id: 14,
    name: 'three siblings, and the third place vanishes',
    faultAt: 'SetPatient',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller([
        ...askForYes(3),
        confirm(),
        say('Two visits are arranged, the third time was taken.', [
          { kind: 'booked', ref: 'A1' },
          { kind: 'booked', ref: 'A2' },
        ]),
      ]);
      await stage.say(caller, 'Three kids, all new.');
      await stage.deskTakesHeld(caller, 1);
      const reply = await stage.decide(caller, 'Yes, all three please.');
      return () => [/all three/i.test(reply.text) && `the caller was told: ${reply.text}`];
    },
    expected: { appointments: 2, patients: 3, tasks: ['partialBooking'] },
  },
  {
    id: 15,
    name: 'moved, and the old visit cannot be cancelled',
    faultAt: 'SetAppointment',
    killAfter: ['prepareAppointment', 'setAppointment'],
    play: async (stage) => {
      const ann = await stage.knownPatient();
      const caller = await stage.caller([
        ...identifyAndList(ann),
        search(),
        hold('S1'),
        say('Shall I move it?'),
        call('reschedule', { appointment: 'A1', hold: 'H1', caller_said: 'yes' }),
        say('The new visit is arranged. A colleague takes care of the old one.', [
          { kind: 'booked', ref: 'A2' },
        ]),
      ]);
      await stage.say(caller, 'I need another time.');
      await stage.stack.practice.fail('SetAppointmentStatusCanceled', '502', { times: 2 });
      const reply = await stage.decide(caller, 'Yes, move it.');
      return ({ made, rows }) => [
        reply.outcome === 'rescheduled' && 'called moved although the old one stands',
        !rows.intents.some(({ kind, status }) => kind === 'cancelAppointment' && status === 'absent') &&
          'the cancel that had no effect is not recorded as such',
        made.some((row) => row.appointmentGuid === ann.appointmentGuid) && 'the old visit was booked anew',
      ];
    },
    expected: { appointments: 1, tasks: ['rescheduleIncomplete'] },
  },
  {
    id: 16,
    name: 'cancelling what is cancelled already, or past',
    faultAt: 'SetAppointmentStatusCanceled',
    killAfter: ['prepareCancel'],
    play: async (stage) => {
      const ann = await stage.knownPatient();
      const caller = await stage.caller([
        ...identifyAndList(ann),
        cancel('A9'),
        cancel(),
        say('Shall I cancel it?'),
        cancel(),
        say('That visit is no longer in the diary.'),
        cancel(),
        say('There is nothing left to do.'),
      ]);
      await stage.say(caller, 'Cancel my visits, the one of last year too.');
      await stage.deskCancels(ann.appointmentGuid);
      await stage.decide(caller, 'Yes, cancel it.');
      await stage.say(caller, 'Yes, cancel it.');
      return ({ writes, rows }) => [
        writes.length > 3 && `${writes.length} writes for nothing`,
        // When our own try got no answer nobody can tell whose cancel it was.
        stage.seed === 'none' &&
          !rows.ledger.every(({ detail }) => (detail as { already?: boolean }).already === true) &&
          'the ledger says that we cancelled what the desk had',
      ];
    },
    expected: { appointments: 0, adoptedCancels: 1 },
  },
];
