import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inRepository, startChild } from '../kit/child.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const problem = (failure: string) => ({ type: `urn:chairside:problem:${failure}` });

describe('a message', () => {
  it('answers 202 with the address of its reply when the wait ends first, and 200 there later', async () => {
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [{ hold: true }, say('Good morning.')]);
    const messageId = randomUUID();
    const calls = await stack.model.calls();
    const sent = await caller.post('Hello', { messageId, waitMs: 0 });

    const statusUrl = `/api/conversations/${caller.conversationId}/messages/${messageId}`;
    expect(sent).toMatchObject({ status: 202, body: { messageId, status: 'pending', statusUrl } });
    await stack.model.called(calls + 1);
    expect(await caller.request('GET', `${statusUrl}?waitMs=50`)).toMatchObject({ status: 202 });
    await stack.model.release();
    expect(await caller.request('GET', `${statusUrl}?waitMs=20000`)).toMatchObject({
      status: 200,
      body: { messageId, turn: 1 },
    });
  });

  it('is refused with 429 and Retry-After when eight others wait, even by a client that does not wait', async () => {
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [{ hold: true }]);
    const calls = await stack.model.calls();
    await caller.post('Message 0', { waitMs: 0 });
    await stack.model.called(calls + 1);
    for (let waiting = 1; waiting < 8; waiting++) {
      expect(await caller.post(`Message ${waiting}`, { waitMs: 0 })).toMatchObject({ status: 202 });
    }
    const refused = await caller.post('One too many', { waitMs: 0 });
    expect(refused).toMatchObject({ status: 429, body: problem('InboxFull') });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await stack.model.release();
  });

  it('that was never sent is 404', async () => {
    const caller = await stack.caller();
    await caller.say('Hello');
    const path = `/api/conversations/${caller.conversationId}/messages/${randomUUID()}`;
    expect(await caller.request('GET', path)).toMatchObject({
      status: 404,
      body: problem('MessageNotFound'),
    });
  });
});

describe('a conversation', () => {
  it('is listed, read and ended; then takes no message, but still gives its last reply', async () => {
    const caller = await stack.caller();
    const path = `/api/conversations/${caller.conversationId}`;
    const messageId = randomUUID();
    const reply = await caller.say('Hello', messageId);

    const transcript = await caller.request('GET', `${path}/transcript`);
    expect(transcript.body).toMatchObject({
      lines: [
        { who: 'caller', text: 'Hello', messageId },
        { who: 'agent', text: reply.text },
      ],
    });
    const ended = await caller.end();
    expect(ended).toMatchObject({ status: 200, body: { status: 'closed', state: { status: 'closed' } } });
    expect(await caller.end()).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect(await caller.post('One more thing')).toMatchObject({
      status: 409,
      body: problem('ConversationClosed'),
    });
    expect(await caller.post('Hello', { messageId })).toMatchObject({
      status: 200,
      body: { text: reply.text },
    });
    const listed = await caller.request('GET', '/api/conversations?status=closed&limit=100');
    expect((listed.body as { conversations: unknown[] }).conversations).toContainEqual(
      expect.objectContaining({ conversationId: caller.conversationId, closeReason: 'ended by an operator' }),
    );
  });

  it('that is ended before its first message never starts', async () => {
    const caller = await stack.caller();
    expect(await caller.end()).toMatchObject({ status: 200, body: { status: 'closed', state: null } });
    expect(await caller.post('Hello')).toMatchObject({ status: 409, body: problem('ConversationClosed') });
  });

  it('answers 202 to its end while a booking is finished, and loses nothing', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.model.play(caller.conversationId, [
      ...newFamily(1),
      ...findAndHold(1),
      say('Shall I book it?'),
      ...consentToHold(1),
    ]);
    await caller.say('My daughter is new. Exam please.');
    await stack.practice.fail('SetAppointment', 'commitThenHang');
    const committed = await stack.practice.nextCommit('SetAppointment');
    const messageId = randomUUID();
    await caller.post('Yes, please book it.', { messageId, waitMs: 0 });
    await committed();
    expect(await caller.end()).toMatchObject({ status: 202, body: { status: 'open' } });
    await stack.practice.release();

    await caller.replyTo(messageId);
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('does not exist for another practice, nor in the other environment', async () => {
    const caller = await stack.caller();
    await caller.say('Hello');
    const path = `/api/conversations/${caller.conversationId}`;
    for (const headers of [{ 'x-tenant-id': 'river-ortho' }, { 'x-environment': 'production' }]) {
      for (const [method, rest, body] of [
        ['GET', ''],
        ['GET', '/transcript'],
        ['POST', '/end', {}],
        ['POST', '/messages', { messageId: randomUUID(), text: 'Hello' }],
      ] as const) {
        expect(await caller.request(method, `${path}${rest}`, body, headers)).toMatchObject({
          status: 404,
          body: problem('ConversationNotFound'),
        });
      }
    }
  });
});

describe('without a worker', () => {
  afterEach(async () => {
    if (!stack.worker.isAlive()) await stack.worker.start();
  });

  it('a message is answered 503 within seconds, is taken by the next worker, and makes one turn', async () => {
    const caller = await stack.caller();
    const other = await stack.caller();
    await other.say('Hello');
    const ready = await caller.request('GET', '/health/ready');
    expect(ready).toMatchObject({
      status: 200,
      body: { ready: true, database: 'up', temporal: 'up', worker: 'up' },
    });
    await stack.worker.kill();
    const messageId = randomUUID();
    const beganAt = performance.now();
    const answers = await Promise.all([
      caller.post('Hello', { messageId }),
      other.post('Are you there?'),
      other.request('GET', `/api/conversations/${other.conversationId}`),
    ]);
    expect(performance.now() - beganAt).toBeLessThan(15_000);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: problem('WorkerUnavailable') });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((answers[0].body as { detail: string }).detail).toContain(messageId);
    await stack.worker.start();

    expect((await caller.say('Hello', messageId)).turn).toBe(1);
    expect((await caller.state()).turn).toBe(1);
  });

  it('and without a Temporal server it says which one is away', async () => {
    const caller = await stack.caller();
    await stack.temporal.kill();
    const answer = await caller.post('Hello');
    expect(answer).toMatchObject({ status: 503, body: problem('TemporalUnavailable') });
    expect(await caller.request('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { ready: false, database: 'up', temporal: 'down', worker: 'down' },
    });
    expect(await caller.request('GET', '/health/live')).toMatchObject({ status: 200 });
    await stack.temporal.restart();
    const becomesReady = async (): Promise<void> => {
      expect(await caller.request('GET', '/health/ready')).toMatchObject({ status: 200 });
    };
    await vi.waitFor(becomesReady, { timeout: 60_000, interval: 200 });
  });
});

it('every line about a conversation carries its workflow id, and no line a word of it', async () => {
  const caller = await stack.caller();
  await caller.say('My invented name is Quentin Sampleton.');
  const workflowId = `booking/bright-smiles/${caller.conversationId}`;
  const answered = async (): Promise<readonly string[]> => {
    const lines = (await stack.logs()).split('\n');
    return lines.filter(
      (line) => line.includes(`${caller.conversationId}/messages`) && line.includes('"response"'),
    );
  };
  // The caller may hear the answer before its line is written.
  await expect.poll(answered, { timeout: 10_000 }).not.toHaveLength(0);
  const logs = await stack.logs();
  for (const line of await answered()) {
    expect(JSON.parse(line)).toMatchObject({ correlationId: workflowId, tenantId: 'bright-smiles' });
  }
  for (const secret of ['Sampleton', 'Invented-Password-1', 'sim-pass', 'invented-model-key', 'eyJ']) {
    expect(logs).not.toContain(secret);
  }
});

it('production does not start without its secrets, and names both', async () => {
  const start = startChild(process.execPath, [inRepository('dist/api/main.js')], {
    cwd: stack.folder,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', DATA_DIR: stack.folder },
    ready: (output) => output.includes('ready'),
  });
  await expect(start).rejects.toThrow(/MASTER_KEY is required[\s\S]*JWT_SECRET is required/);
});
