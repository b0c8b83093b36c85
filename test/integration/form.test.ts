import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fillForm, newChild, noModel, type FormAnswers } from '../kit/form-answers.js';
import { findAndHold, newFamily } from '../kit/booking-script.js';
import { practicesWithHours } from '../kit/hours.js';
import { say } from '../kit/model-script.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { startStack, type Stack } from '../kit/stack.js';

/** A caller whose model is away, refuses, or may cost no more: fixed questions that can still book. */
let stack: Stack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-form-'));
  stack = await startStack({ env: { TENANTS_DIR: await practicesWithHours(folder) } });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => stack.practice.clearFaults());

const invented = (): string => `Fake-${String.fromCharCode(65 + Math.floor(Math.random() * 26))}x`;
const question = /Shall I go ahead|¿Está bien así/;

it('books one new child by fixed questions when the model service is overloaded, and only after a yes to date and time', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.overloaded);
  const opened = await caller.say('Hi, I need a first visit for my daughter.');
  expect(opened.text).toMatch(/step by step/);
  const calls = await stack.model.calls();
  const asked = await fillForm(caller, opened, newChild(invented()), question);
  expect(asked.text).toMatch(/Ada, \w+day, \w+ \d+ at \d+:\d\d [AP]M, Downtown/);
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  expect(await stack.practice.bookings()).toHaveLength(before);

  const done = await caller.say('Yes, please book it.');
  expect(done).toMatchObject({ outcome: 'booked' });
  expect(done.text).toMatch(/Ada, .*: booked/);
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect((await caller.state()).ledger).toHaveLength(1);
  expect(await stack.heldPlaces(caller)).toEqual([]);
  // The form asks no model: neither for the questions nor for the booking.
  expect(await stack.model.calls()).toBe(calls);
  expect(await tasksOf(caller)).toEqual([]);
});

it('books for a patient of the practice after name, birth date and second factor, and never opens a record without them', async () => {
  const before = (await stack.practice.bookings()).length;
  const lastName = invented();
  const patientGuid = await stack.practice.addPatient({
    firstName: 'Ben',
    lastName,
    birthDate: '2012-02-03',
    phone: '5555550111',
  });
  const caller = await stack.caller({ language: 'es' });
  await stack.model.play(caller.conversationId, noModel.refusal);
  const answers: FormAnswers = [
    [/Para quién es la cita/, 'ya es paciente'],
    [/nombre y el apellido/, `Se llama Ben ${lastName}`],
    [/fecha de nacimiento\?/, '3 de febrero de 2012'],
    [/Es correcto/, 'Sí'],
    [/alguien más/, 'no'],
    [/tipo de cita/, '2'],
    [/consultorio\?/, '1'],
    [/Estas horas están libres/, 'la segunda'],
  ];
  const factor = await fillForm(caller, await caller.say('Hola'), answers, /expediente: /);
  expect(factor.text).not.toContain('Ben');
  const refused = await caller.say('5555550199');
  expect(refused.text).toMatch(/No encontré un expediente/);
  expect((await caller.state()).identityLevel).toBe('L0');
  await fillForm(caller, refused, answers, /expediente: /);
  const asked = await fillForm(caller, await caller.say('555 555 0111'), answers, question);
  expect(asked.text).toMatch(/Ben, \w+/);
  expect((await caller.state()).identityLevel).toBe('L2');

  expect(await caller.say('Sí, por favor.')).toMatchObject({ outcome: 'booked' });
  const bookings = await stack.practice.bookings();
  expect(bookings).toHaveLength(before + 1);
  expect(bookings.at(-1)?.patientGuid).toBe(patientGuid);
});

it('takes a yes to what the model had read back before it went away, and asks nothing again', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2),
    say('Shall I book it?'),
    ...noModel.badKey,
  ]);
  await caller.say('My children are new.');
  const done = await caller.say('Yes, please book both.');
  expect(done.outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 2);
  expect((await caller.state()).ledger).toHaveLength(2);
});

it('reads a held place back itself when the model went away before it could', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [...newFamily(1), ...findAndHold(1), ...noModel.badKey]);
  const opened = await caller.say('My son is new. Yes, please book it.');
  expect(opened.text).toMatch(question);
  expect(opened.outcome).toBe('unknown');
  expect((await caller.say('No, not that one.')).text).toMatch(/let that time go[^]*These times are free/);
  expect(await stack.heldPlaces(caller)).toEqual([]);
  expect((await caller.say('stop')).text).toMatch(/stopped here/);
});

it('gives the conversation back to the model when the form has ended, and the model knows what was booked', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [...noModel.badKey, say('You are welcome.')]);
  const opened = await caller.say('Hello?');
  const calls = await stack.model.calls();
  await fillForm(caller, opened, newChild(invented()), question);
  // The model is back by now, and is not asked before the form is over.
  expect(await stack.model.calls()).toBe(calls);
  await caller.say('Yes');
  expect((await caller.say('Thank you!')).text).toBe('You are welcome.');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect(await stack.toldToModel(caller.conversationId)).toMatch(/a form of fixed questions.*A1 booked/);
  expect(await stack.model.violations()).toEqual([]);
});

it('goes on after a kill of the worker in the middle of the form, and books once when it is killed at the commit', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  const answers = newChild(invented());
  const half = await fillForm(caller, await caller.say('Hello?'), answers, /your phone number/);
  await stack.worker.kill();
  await stack.worker.start();
  await fillForm(caller, half, answers, question);
  await stack.practice.fail('SetAppointment', 'commitThenHang');
  const committed = await stack.practice.nextCommit('SetAppointment');
  const done = caller.say('Yes, please.');
  await committed();
  await stack.worker.kill();
  await stack.worker.start();
  expect((await done).outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('offers again when the front desk took the place, and then books the other one', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  await fillForm(caller, await caller.say('Hello?'), newChild(invented()), question);
  for (const place of await stack.heldPlaces(caller)) await stack.practice.frontDeskTakes(place);
  const again = await caller.say('Yes, please.');
  expect(again.text).toMatch(/just taken[^]*These times are free/);
  expect(again.outcome).toBe('unknown');
  await caller.say('2');
  expect((await caller.say('Yes')).outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it.each([
  ['asks for a person', ['I would like to talk to a real person, please.']],
  ['is not understood twice', ['purple', 'elephants']],
])('hands over to a colleague when the caller %s', async (_what, messages) => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  await caller.say('Hello?');
  const replies = [];
  for (const text of messages) replies.push(await caller.say(text));
  expect(replies.at(-1)).toMatchObject({ status: 'handoff' });
  expect(replies.at(-1)?.text).toMatch(/passed your message on to a colleague/);
  expect((await tasksOf(caller)).map(({ kind }) => kind)).toEqual(['transfer']);
});

it('leaves one callback after hours, and from then on says so instead of asking anew', async () => {
  await stack.openRiverOrtho();
  const caller = await stack.caller({ tenantId: 'river-ortho' });
  await stack.model.play(caller.conversationId, [...noModel.badKey, ...noModel.badKey]);
  await caller.say('Hello?');
  expect((await caller.say('person')).text).toMatch(/left a note for our team/);
  expect((await caller.say('Hello?')).text).toMatch(/colleague will get back/);
  expect((await tasksOf(caller)).map(({ kind }) => kind)).toEqual(['callback']);
});

it('leaves a task when the caller falls silent in the form', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  await stack.hurry(caller, { timings: { idleCloseMs: 3_000 } });
  await caller.say('Hello?');
  const watching = stack.client.workflow.getHandle(`booking/bright-smiles/${caller.conversationId}`);
  await watching.result();
  expect((await tasksOf(caller)).map(({ kind }) => kind)).toEqual(['conversationFailed']);
});

it('carries a half-filled form over into the next run of the workflow', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  await stack.hurry(caller, { timings: { turnsPerRun: 2 } });
  const answers = newChild(invented());
  const asked = await fillForm(caller, await caller.say('Hello?'), answers, question);
  expect(asked.turn).toBeGreaterThan(6);
  expect((await caller.say('Yes')).outcome).toBe('booked');
});

it('never books for somebody who only repeats a yes, whatever the form asks', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, noModel.badKey);
  await caller.say('Yes');
  for (let turn = 0; turn < 3; turn++) await caller.post('Yes, book it', { messageId: randomUUID() });
  expect(await stack.practice.bookings()).toHaveLength(before);
});
