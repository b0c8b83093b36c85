import { expect, it } from 'vitest';
import type { Caller } from '../kit/caller.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

const bargeIn = (caller: Caller, heardChars: number) =>
  caller.request('POST', `/api/conversations/${caller.conversationId}/barge-in`, { heardChars });
const kindsOfTasks = async (caller: Caller) => {
  const { body } = await caller.request('GET', '/api/staff-tasks?limit=100');
  return (body as { tasks: { conversationId: string; kind: string }[] }).tasks
    .filter(({ conversationId }) => conversationId === caller.conversationId)
    .map(({ kind }) => kind);
};

it('asks twice into a silence on the phone, says goodbye, and gives the hold back', async () => {
  const caller = await stack.caller({ channel: 'voice' });
  await stack.hurry(caller, { channel: 'voice', timings: { silencePromptMs: 600 } });
  await stack.model.play(caller.conversationId, [...newFamily(1), ...findAndHold(1), say('Ok?')]);
  const watch = await caller.watch();
  await caller.say('My daughter is new.');
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  await watch.next(({ data }) => data['status'] === 'closed');
  watch.close();
  const texts = watch.events.flatMap(({ data }) => (data['who'] === 'agent' ? [String(data['text'])] : []));
  expect(texts.slice(1)).toEqual([
    'Are you still there?',
    'Are you still there?',
    expect.stringMatching(/Goodbye/),
  ]);
  expect(await stack.heldPlaces(caller)).toHaveLength(0);
});

it('asks once into a silence of a chat', async () => {
  const caller = await stack.caller();
  await stack.hurry(caller, { timings: { silencePromptMs: 400, idleCloseMs: 1_500 } });
  await stack.model.play(caller.conversationId, [say('Hello!')]);
  const watch = await caller.watch();
  await caller.say('Hi');
  await watch.next(({ data }) => data['status'] === 'closed');
  watch.close();
  const texts = watch.events.flatMap(({ data }) => (data['who'] === 'agent' ? [String(data['text'])] : []));
  expect(texts).toHaveLength(3);
  expect(texts[1]).toMatch(/still there/);
});

it('cuts an answer on the phone to what one can listen to', async () => {
  const long = 'I have many things to tell you about our lovely office. '.repeat(20).trim();
  const voice = await stack.caller({ channel: 'voice' });
  const chat = await stack.caller();
  await stack.model.play(voice.conversationId, [say(long)]);
  await stack.model.play(chat.conversationId, [say(long)]);
  const [spoken, written] = [await voice.say('Hi'), await chat.say('Hi')];
  expect(spoken.text.length).toBeLessThanOrEqual(400);
  expect(written.text).toBe(long);
});

it('tells the model where the caller cut it off, and takes no yes to a date that was not heard', async () => {
  const writes = (await stack.practice.writes('SetAppointment')).length;
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller({ channel: 'voice' });
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Fine.'),
    consentToHold(1)[0]!,
    say('Shall I?'),
    ...consentToHold(1),
  ]);
  await caller.say('My daughter is new.');
  expect((await bargeIn(caller, 9)).status).toBe(204);
  const again = await caller.say('Yes, go ahead.');
  expect(await stack.practice.writes('SetAppointment')).toHaveLength(writes);
  expect(again.text).toMatch(/day, \w+ \d+ at/);
  expect(await stack.toldToModel(caller.conversationId)).toContain('[caller interrupted after:');

  const reply = await caller.say('Yes, please.');
  expect(reply.outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('never breaks a write off, however often the caller barges in', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller({ channel: 'voice' });
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I?'),
    ...consentToHold(1),
  ]);
  await caller.say('My daughter is new.');
  const committed = await stack.practice.nextCommit('SetAppointment');
  const waiting = caller.say('Yes.');
  await committed();
  await bargeIn(caller, 3);
  const reply = await waiting;
  expect(reply.outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('answers an emergency by fixed words before any model, in the language of the caller, with one task', async () => {
  const caller = await stack.caller();
  const calls = await stack.model.calls();
  const english = await caller.say('My son fell and knocked out a tooth!');
  const spanish = await caller.say('Está sangrando mucho');
  expect(english.text).toMatch(/call 911/);
  expect(spanish.text).toMatch(/llame ahora al 911/);
  expect(await stack.model.calls()).toBe(calls);
  expect(await kindsOfTasks(caller)).toEqual(['emergency']);
});

it('warns twice of abuse, then closes', async () => {
  const caller = await stack.caller();
  const calls = await stack.model.calls();
  const replies = [];
  for (let time = 1; time <= 3; time++) replies.push(await caller.say('Fuck off'));
  expect(replies.map(({ status }) => status)).toEqual(['open', 'open', 'closed']);
  expect(await stack.model.calls()).toBe(calls);
  expect((await caller.post('Hello?')).status).toBe(409);
});
