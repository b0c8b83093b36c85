import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../kit/caller.js';
import { practicesWithHours } from '../kit/hours.js';
import { call, say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-hours-'));
  stack = await startStack({ env: { TENANTS_DIR: await practicesWithHours(folder) } });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = (caller: Caller, order: string, body: object) =>
  caller.request('POST', `/api/conversations/${caller.conversationId}/${order}`, body);
const tasksOf = async (caller: Caller) => {
  const { body } = await caller.request('GET', '/api/staff-tasks?limit=100');
  const { tasks } = body as {
    tasks: { conversationId: string; kind: string; summary: string; detail: unknown }[];
  };
  return tasks.filter(({ conversationId }) => conversationId === caller.conversationId);
};
const transcript = async (caller: Caller) => {
  const { body } = await caller.request('GET', `/api/conversations/${caller.conversationId}/transcript`);
  return (body as { lines: { who: string; text: string }[] }).lines.map(({ who, text }) => `${who}: ${text}`);
};

it('mutes the model while a colleague has the conversation, and tells it what was said when it is given back', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [say('Hello!'), say('Glad that this is settled.')]);
  await caller.say('Hi');
  const calls = await stack.model.calls();

  const taken = await post(caller, 'handoff', { reason: 'knows the family' });
  expect(taken.body).toMatchObject({ status: 'handoff', state: { status: 'handoff' } });
  const first = await caller.say('Are you a person?');
  const second = await caller.say('Hello?');
  expect(first.text).toMatch(/colleague/);
  expect([second.text, second.status]).toEqual(['', 'handoff']);
  const messageId = randomUUID();
  await post(caller, 'staff-message', { messageId, text: 'This is Pat from the desk.' });
  await post(caller, 'staff-message', { messageId, text: 'This is Pat from the desk.' });
  expect(await stack.model.calls()).toBe(calls);

  const back = await post(caller, 'return', { note: 'Retainer question is settled.' });
  expect(back.body).toMatchObject({ status: 'open' });
  await caller.say('Thanks!');
  const told = await stack.toldToModel(caller.conversationId);
  for (const words of [
    'Are you a person?',
    'Hello?',
    'This is Pat from the desk.',
    'Retainer question is settled.',
  ])
    expect(told).toContain(words);
  const lines = await transcript(caller);
  expect(lines.filter((line) => line === 'staff: This is Pat from the desk.')).toHaveLength(1);
  expect(lines.filter((line) => line === 'caller: Hello?')).toHaveLength(1);
});

it('delivers the words of a colleague to who watches, live', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [say('Hello!')]);
  await caller.say('Hi');
  const watch = await caller.watch();
  await post(caller, 'handoff', {});
  await watch.next(({ event, data }) => event === 'status' && data['status'] === 'handoff');
  await post(caller, 'staff-message', { messageId: randomUUID(), text: 'One moment.' });
  await watch.next(({ data }) => data['who'] === 'staff' && data['text'] === 'One moment.');
  watch.close();
});

it('breaks a model step off when a colleague takes over in the middle of it', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ hold: true }]);
  const calls = await stack.model.calls();
  const waiting = caller.say('Can I talk to somebody?');
  await stack.model.called(calls + 1);
  await post(caller, 'handoff', {});
  await stack.model.release();
  const reply = await waiting;
  expect([reply.status, /colleague/.test(reply.text)]).toEqual(['handoff', true]);
});

it('hands over when the model asks for a person in opening hours, with summary and ledger', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    call('transfer_to_human', { reason: 'asks for a person', summary: 'Wants to talk about a retainer.' }),
    say('I have passed this on to a colleague.', [{ kind: 'handed_off', ref: 'T1' }]),
  ]);
  const reply = await caller.say('A person please.');
  expect([reply.status, reply.outcome]).toEqual(['handoff', 'transferred']);
  expect(await tasksOf(caller)).toMatchObject([
    { kind: 'transfer', summary: 'Wants to talk about a retainer.', detail: { ledger: [] } },
  ]);
});

it('promises a callback and goes on when no colleague answers in time', async () => {
  const caller = await stack.caller();
  await stack.hurry(caller, { timings: { handoffAnswerMs: 700 } });
  await stack.model.play(caller.conversationId, [
    call('transfer_to_human', { reason: 'asks for a person', summary: 'A retainer.' }),
    say('I have passed this on to a colleague.', [{ kind: 'handed_off', ref: 'T1' }]),
    say('Gladly, which day?'),
  ]);
  const watch = await caller.watch();
  await caller.say('A person please.');
  await watch.next(({ data }) => /call you back/.test(String(data['text'])));
  watch.close();
  expect((await tasksOf(caller)).map(({ kind }) => kind).sort()).toEqual(['callback', 'transfer']);
  const reply = await caller.say('Then book me a visit.');
  expect([reply.status, reply.text]).toEqual(['open', 'Gladly, which day?']);
});

it('leaves a callback after hours and lets the agent go on', async () => {
  const caller = await stack.caller({ tenantId: 'river-ortho' });
  await stack.model.play(caller.conversationId, [
    call('transfer_to_human', { reason: 'asks for a person', summary: 'A retainer.' }),
    say('A colleague will call you back.', [{ kind: 'handed_off', ref: 'T1' }]),
  ]);
  const reply = await caller.say('A person please.');
  expect(reply.status).toBe('open');
  expect((await tasksOf(caller)).map(({ kind }) => kind)).toEqual(['callback']);
});

it('refuses the words of a colleague while the agent has the conversation, and closes from a hand-off', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [say('Hello!')]);
  await caller.say('Hi');
  const early = await post(caller, 'staff-message', { messageId: randomUUID(), text: 'Hi' });
  expect([early.status, (early.body as { type: string }).type]).toEqual([
    409,
    'urn:chairside:problem:NotHandedOff',
  ]);
  await post(caller, 'handoff', {});
  const ended = await caller.end();
  expect(ended.body).toMatchObject({ status: 'closed' });
  expect((await post(caller, 'return', {})).status).toBe(409);
});
