import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { request, serve, type Served } from './testing/sdk-client.js';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

/** What the model says to these words of a conversation. */
async function reply(conversation: string, words = 'Hello'): Promise<string> {
  const message = await served
    .clientOf(conversation)
    .messages.create(request({ messages: [{ role: 'user', content: words }] }));
  return message.content.map((block) => (block.type === 'text' ? block.text : block.type)).join();
}

describe('a script', () => {
  it('plays its turns in order, each conversation its own, `*` those without one', async () => {
    await served.order('POST', '/scripts', { conversation: 'a', turns: [{ text: 'a1' }, { text: 'a2' }] });
    await served.order('POST', '/scripts', { conversation: '*', turns: [{ text: 'any' }] });
    expect(await reply('a')).toBe('a1');
    expect(await reply('b')).toBe('any');
    expect(await reply('a')).toBe('a2');
    await served.order('POST', '/repin', { conversation: 'a' });
    expect(JSON.parse(await reply('a'))).toHaveProperty('say');
  });

  it('keeps a turn back until the caller says what it waits for', async () => {
    await served.play({ text: 'to bananas', when: { callerSays: 'bananas' } }, { text: 'to anything' });
    expect(await reply('')).toBe('to anything');
    expect(await reply('', 'Do you have Bananas?')).toBe('to bananas');
  });

  it('holds a request until it is released, then plays the next turn', async () => {
    await served.play({ hold: true }, { text: 'after the hold' });
    const waiting = reply('');
    let released = 0;
    while (released === 0)
      released = ((await served.order('POST', '/release')) as { released: number }).released;
    expect(await waiting).toBe('after the hold');
  });

  it('delays a turn as long as ordered', async () => {
    await served.play({ text: 'late', delayMs: 120 });
    const began = performance.now();
    await reply('');
    expect(performance.now() - began).toBeGreaterThanOrEqual(115);
  });
});

test('a stub answers everything until it is taken away', async () => {
  await served.order('POST', '/stub', { answer: { say: 'always this' } });
  expect(await reply('')).toContain('always this');
  expect(await reply('')).toContain('always this');
  await served.order('DELETE', '/stub');
  expect(await reply('')).not.toContain('always this');
});

test('the journal tells who answered each request, and with what status', async () => {
  await served.order('POST', '/scripts', { conversation: 'j', turns: [{ text: 'one' }, { fault: '529' }] });
  await reply('j');
  await reply('j').catch(() => undefined);
  await served.order('POST', '/repin', { conversation: 'j' });
  await reply('j');
  const { requests } = (await served.order('GET', '/journal?conversation=j')) as { requests: object[] };
  expect(requests).toMatchObject([
    { answeredBy: 'script', status: 200 },
    { answeredBy: 'fault 529', status: 529 },
    { answeredBy: 'receptionist', status: 200 },
  ]);
});

test('a wrong order is refused with what is known, and changes nothing', async () => {
  expect(
    await served.order('POST', '/scripts', { conversation: 'a', turns: [{ fault: 'flood' }] }),
  ).toHaveProperty('issues');
  expect(await served.order('GET', '/nothing')).toHaveProperty('orders');
});

test('the process says ready with its URL, and stops cleanly on SIGTERM', async () => {
  const entry = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const { event, url } = JSON.parse(chunk.toString()) as { event: string; url: string };
  expect(event).toBe('ready');
  expect((await fetch(`${url}/admin/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
