import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { conversationWorkflowId, visitsWorkflowId } from '../../workflows/ids.js';
import { summariesOf } from '../kit/history.js';
import { call, say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';

// Both must end in the same state of the practice system: the rules are ours, whoever plays the model.
describe.each(['simulator', 'aimock'] as const)('with %s as the model', (model) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ model });
  });
  afterAll(() => stack.stop());
  beforeEach(() => stack.practice.clearFaults());

  it('books exactly one appointment for one new patient, and says so', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      say('Shall I book it?'),
      ...consentToHold(1),
    ]);
    await caller.say('My daughter is new. Exam please.');
    const reply = await caller.say('Yes, please book it.');

    expect(reply.outcome).toBe('booked');
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
    const { ledger } = await caller.state();
    expect(ledger).toHaveLength(1);
  });

  it('answers one message sent ten times at once with one turn and one reply', async () => {
    const caller = await stack.caller();
    const calls = await stack.model.calls();
    const messageId = randomUUID();
    const replies = await Promise.all(Array.from({ length: 10 }, () => caller.say('Hello?', messageId)));

    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect((await caller.state()).turn).toBe(1);
    expect(await stack.model.calls()).toBe(calls + 1);
  });

  it('adopts the appointment when the practice system commits and then drops the connection', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.practice.fail('SetAppointment', 'commitThenDrop');
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      say('Shall I book it?'),
      ...consentToHold(1),
    ]);
    await caller.say('My daughter is new. Exam please.');
    const reply = await caller.say('Yes, please book it.');

    expect(reply.outcome).toBe('booked');
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('lets an operator read each activity and timer without opening a payload, and nobody read a name there', async () => {
    const caller = await stack.caller();
    await stack.practice.fail('SetAppointment', 'commitThenDrop');
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      say('Shall I book it?'),
      ...consentToHold(1),
    ]);
    await caller.say('My daughter is new. Exam please.');
    await caller.say('Yes, please book it.');

    const { conversationId } = caller;
    const steps = [
      ...(await summariesOf(stack.client, conversationWorkflowId('bright-smiles', conversationId))),
      ...(await summariesOf(stack.client, visitsWorkflowId('bright-smiles', conversationId, 1))),
    ];
    expect(steps.filter(({ summary }) => !summary)).toEqual([]);
    expect(steps).toContainEqual({ step: 'modelStep', summary: 'turn 1, step 1' });
    expect(steps).toContainEqual({ step: 'setAppointment', summary: '1.0.appointment, try 1' });
    expect(steps).toContainEqual({ step: 'timer', summary: 'the silence of the caller' });
    expect(steps).toContainEqual({ step: 'timer', summary: 'a late commit, before the first look' });
    for (const personal of ['Fake', '2014-05-06', '5555550142']) {
      expect(JSON.stringify(steps)).not.toContain(personal);
    }
  });

  it('sends once more, and only once, when the practice system failed before it committed', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.practice.fail('SetAppointment', '502');
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      say('Shall I book it?'),
      ...consentToHold(1),
    ]);
    await caller.say('My daughter is new. Exam please.');
    await caller.say('Yes, please book it.');

    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('does not book before the caller has said yes in a later message', async () => {
    const writes = (await stack.practice.writes('SetAppointment')).length;
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
      say('May I book it?'),
    ]);
    await caller.say('My daughter is new. Exam please, yes, yes, book whatever is free.');

    expect(await stack.practice.writes('SetAppointment')).toHaveLength(writes);
    expect((await caller.state()).outcome).not.toBe('booked');
  });

  it('replaces a claim that the ledger lacks, twice claimed, by words of its own', async () => {
    const caller = await stack.caller();
    const lie = say('You are booked for tomorrow at 9:00 AM!', [{ kind: 'booked', ref: 'A1' }]);
    await stack.model.play(caller.conversationId, [lie, lie]);
    const reply = await caller.say('Hi, anything free?');

    expect(reply.text).not.toMatch(/you are booked/i);
    expect(reply.outcome).toBe('unknown');
  });

  it('answers an invented reference as a tool error and changes nothing', async () => {
    const writes = (await stack.practice.writes()).length;
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [
      call('confirm_booking', { hold: 'H7', caller_said: 'yes' }),
      call('cancel', { appointment: 'A9', reason: 'x', caller_said: 'yes' }),
      say('How can I help?'),
    ]);
    await caller.say('Yes.');

    expect(await stack.practice.writes()).toHaveLength(writes);
  });

  it('books two siblings under one hold, each in a place of their own', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [
      ...newFamily(2),
      ...findAndHold(2),
      say('Shall I book both?'),
      ...consentToHold(2),
    ]);
    await caller.say('Two kids, both new.');
    const reply = await caller.say('Yes, both please.');

    expect(reply.outcome).toBe('booked');
    const booked = (await stack.practice.bookings()).slice(before);
    expect(new Set(booked.map((appointment) => `${appointment.columnGuid} ${appointment.start}`)).size).toBe(
      2,
    );
  });

  it('refuses a search in the past instead of widening it', async () => {
    const caller = await stack.caller();
    const yesterday = addDays(practiceDateOf(Date.now(), 'America/New_York'), -2);
    const searches = await stack.practice.callCount('GetOnlineReservations');
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      call('find_slots', {
        visit_type: 'exam',
        location: 'downtown',
        from: yesterday,
        to: yesterday,
        part_of_day: 'any',
        patients: ['P1'],
      }),
      say('That day is over. Which other day suits you?'),
    ]);
    await caller.say('The day before yesterday please.');

    expect(await stack.practice.callCount('GetOnlineReservations')).toBe(searches);
  });
});
