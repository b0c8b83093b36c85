import { expect, it } from 'vitest';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import type { LiveEvent } from '../kit/event-reader.js';
import { say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

const texts = (events: readonly LiveEvent[], who: string): unknown[] =>
  events
    .filter(({ event, data }) => event === 'message' && data['who'] === who)
    .map(({ data }) => data['text']);
const isStatus = (outcome: string) => (event: LiveEvent) =>
  event.event === 'status' && event.data['outcome'] === outcome;

it('tells messages, steps, ledger and outcome of a booking live, each once and in order', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I?'),
    ...consentToHold(1),
  ]);
  const watch = await caller.watch();
  await caller.say('My daughter is new.');
  await caller.say('Yes, please.');
  await watch.next(({ data }) => data['text'] === 'It is booked.');
  await watch.next(isStatus('booked'));
  await watch.next(({ event, data }) => event === 'ledger' && data['kind'] === 'booked');
  watch.close();

  expect(texts(watch.events, 'caller')).toEqual(['My daughter is new.', 'Yes, please.']);
  const steps = watch.events.filter(({ event }) => event === 'toolStep');
  expect(steps.filter(({ data }) => data['phase'] === 'requested').map(({ data }) => data['tool'])).toEqual([
    'start_new_patient',
    'find_slots',
    'hold_slots',
    'confirm_booking',
  ]);
  expect(steps.filter(({ data }) => data['phase'] === 'answered').every(({ data }) => data['ok'])).toBe(true);
  expect(new Set(watch.events.map(({ id }) => id)).size).toBe(watch.events.length);
});

it('never tells an answer that the claim check refused', async () => {
  const caller = await stack.caller();
  const lie = say('You are booked for tomorrow at 9:00 AM!', [{ kind: 'booked', ref: 'A1' }]);
  await stack.model.play(caller.conversationId, [lie, lie]);
  const watch = await caller.watch();
  const reply = await caller.say('Anything free?');
  await watch.next(({ data }) => data['text'] === reply.text);
  watch.close();
  expect(texts(watch.events, 'agent')).toEqual([reply.text]);
});

it('goes on after the last event id when the API was killed and started again', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [say('First.'), say('Second.'), say('Third.')]);
  const first = await caller.watch();
  await caller.say('One');
  const seen = await first.next(({ data }) => data['text'] === 'First.');
  await caller.say('Two');
  await stack.api.kill();
  await stack.api.start();
  await caller.say('Three');

  const again = await caller.watch(seen.id);
  await again.next(({ data }) => data['text'] === 'Third.');
  again.close();
  expect(texts(again.events, 'caller')).toEqual(['Two', 'Three']);
  expect(texts(again.events, 'agent')).toEqual(['Second.', 'Third.']);
});

it('is closed to another practice, and to who has no token', async () => {
  const caller = await stack.caller();
  const stranger = await stack.caller({ tenantId: 'river-ortho' });
  const path = `/api/conversations/${caller.conversationId}/events`;
  expect((await stranger.request('GET', path)).status).toBe(404);
  expect((await fetch(`${stack.apiUrl}${path}`)).status).toBe(401);
});

it('ends a conversation with a status event that says why', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [say('Hello!')]);
  await caller.say('Hi');
  const watch = await caller.watch();
  await caller.end();
  const last = await watch.next(({ event, data }) => event === 'status' && data['status'] === 'closed');
  watch.close();
  expect(last.data['closeReason']).toBe('ended by an operator');
});
