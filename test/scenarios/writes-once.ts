import { randomUUID } from 'node:crypto';
import { say } from '../kit/model-script.js';
import { orderBoundaries, type Scenario } from './scenario.js';
import { askForYes, bookChildren, confirm, promises } from './turns.js';

const sentOnce = ({
  writes,
}: {
  readonly writes: readonly { readonly procedure: string }[];
}): string | false => {
  const sent = writes.filter(({ procedure }) => procedure === 'SetAppointment').length;
  return sent !== 1 && `${sent} SetAppointment received instead of 1`;
};

/** One intent, one appointment, whatever is repeated or lost. */
export const writesOnce: readonly Scenario[] = [
  {
    id: 1,
    name: 'yes twice, and the same message sent again',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller([
        ...bookChildren(1),
        confirm(),
        say('It is booked already.', [{ kind: 'booked', ref: 'A1' }]),
      ]);
      await stage.say(caller, 'My daughter is new. Exam please.');
      const messageId = randomUUID();
      const first = await stage.decide(caller, 'Yes, please book it.', messageId);
      const again = await stage.say(caller, 'Yes, please book it.', messageId);
      await stage.say(caller, 'Yes, book it.');
      return (change) => [
        JSON.stringify(first) !== JSON.stringify(again) && 'the same message got another reply',
        first.outcome !== 'booked' && 'the caller was not told of the booking',
        stage.seed === 'none' && sentOnce(change),
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
  {
    id: 2,
    name: 'the practice commits, then the answer is lost',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const caller = await stage.caller(bookChildren(1));
      await stage.say(caller, 'My daughter is new. Exam please.');
      await stage.stack.practice.fail('SetAppointment', 'commitThenDrop');
      const reply = await stage.decide(caller, 'Yes, please book it.');
      return (change) => [
        reply.outcome !== 'booked' && 'found by reading, but the caller was not told',
        stage.seed === 'none' && sentOnce(change),
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
  {
    id: 3,
    name: 'the answer is lost and nobody can read what happened',
    faultAt: 'SetPatient',
    killAfter: orderBoundaries.slice(0, 2),
    play: async (stage) => {
      const lie = say('You are booked!', [{ kind: 'booked', ref: 'A1' }]);
      const caller = await stage.caller([...askForYes(1), confirm(), lie, lie]);
      await stage.say(caller, 'My daughter is new. Exam please.');
      await stage.stack.practice.fail('SetAppointment', 'commitThenDrop');
      // The reading before the write works; the practice withdraws our right to it afterwards.
      await stage.stack.practice.fail('GetAppointmentListByPatient', 'error', {
        code: 10,
        afterCalls: 1,
        times: 20,
      });
      const reply = await stage.decide(caller, 'Yes, please book it.');
      return () => [promises.test(reply.text) && `the caller was told: ${reply.text}`];
    },
    expected: {
      appointments: [0, 1],
      patients: 1,
      tasks: ['bookingUnclear'],
      findings: ['claimViolation'],
      unknownIntents: 1,
    },
  },
  {
    id: 6,
    name: 'worker killed between the commit and its answer',
    faultAt: 'SetPatient',
    killAfter: orderBoundaries.slice(0, 2),
    play: async (stage) => {
      const { practice, worker } = stage.stack;
      const caller = await stage.caller(bookChildren(1));
      await stage.say(caller, 'My daughter is new. Exam please.');
      await practice.fail('SetAppointment', 'commitThenHang');
      const committed = await practice.nextCommit('SetAppointment');
      const reply = stage.decide(caller, 'Yes, please book it.');
      await committed();
      await stage.idle();
      await worker.kill();
      await worker.start();
      const { outcome } = await reply;
      return ({ made, rows }) => [
        outcome !== 'booked' && 'the caller was not told of the booking',
        !rows.ledger.some((entry) => entry.appointmentGuid === made[0]?.appointmentGuid) &&
          'the ledger lacks the id of the practice system',
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
];
