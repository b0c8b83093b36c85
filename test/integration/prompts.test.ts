import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HttpAnswer } from '../kit/caller.js';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
let tenants: string;
beforeAll(async () => {
  tenants = await mkdtemp(join(tmpdir(), 'chairside-tenants-'));
  await cp('tenants', tenants, { recursive: true });
  stack = await startStack({ env: { TENANTS_DIR: tenants } });
});
afterAll(async () => {
  await stack.stop();
  await rm(tenants, { recursive: true });
});

const systemText = (): string => join(tenants, 'bright-smiles', 'v1', 'system.md');
const addLine = async (line: string): Promise<void> =>
  writeFile(systemText(), `${await readFile(systemText(), 'utf8')}${line}\n`);

/** One answer of the API, as whoever may administer. */
const ask = async <Body>(
  method: string,
  path: string,
  body?: unknown,
): Promise<Body & { status: number }> => {
  const answer: HttpAnswer = await (await stack.caller()).request(method, path, body);
  return { ...(answer.body as Body), status: answer.status };
};
interface Listing {
  readonly active: { readonly hash: string; readonly actor: string };
  readonly folder: { readonly kind: string; readonly hash: string };
  readonly bundles: readonly { readonly hash: string; readonly activeIn: readonly string[] }[];
}
const listing = () => ask<Listing>('GET', '/api/prompts');
const bundleOfNewConversation = async (): Promise<string> => {
  const caller = await stack.caller();
  return (await caller.say('Hello?')).promptBundle;
};

it('has one bundle at first start, taken from the files, active where the practice has a model', async () => {
  const { active, folder, bundles } = await listing();
  expect(active).toMatchObject({ actor: 'system', kind: 'folder', reason: 'the first bundle' });
  expect(folder).toEqual({ kind: 'same', hash: active.hash });
  expect(bundles).toMatchObject([
    { hash: active.hash, source: 'tenants/bright-smiles', activeIn: ['sandbox', 'production'] },
  ]);
  const shown = await ask<{ bundle: { system: { text: string }[] } }>('GET', `/api/prompts/${active.hash}`);
  expect(shown.bundle.system[0]?.text).toBe(await readFile(systemText(), 'utf8'));
  expect((await ask('GET', `/api/prompts/${'0'.repeat(64)}`)).status).toBe(404);
});

it('shows which file was changed, registers it as a new version, and leaves running conversations alone', async () => {
  const running = await stack.caller();
  const before = (await running.say('Hello?')).promptBundle;
  await addLine('- Say thank you.');
  expect((await listing()).folder).toMatchObject({
    kind: 'differs',
    registered: false,
    changes: [{ file: 'v1/system.md', parts: ['system text'] }],
  });
  const diff = await ask<{ parts: { hunks: { lines: string[] }[] }[] }>('GET', '/api/prompts/diff');
  expect(diff.parts[0]?.hunks[0]?.lines).toContain('+- Say thank you.');

  const first = await ask<{ hash: string }>('POST', '/api/prompts', {});
  expect(first).toMatchObject({ status: 201, outcome: 'activated' });
  expect(await ask('POST', '/api/prompts', {})).toMatchObject({ status: 200, outcome: 'unchanged' });
  expect(await bundleOfNewConversation()).toBe(first.hash);
  expect((await running.say('And on Monday?')).promptBundle).toBe(before);
});

it('rolls back once however often it is asked, and no changed file undoes it', async () => {
  const { active } = await listing();
  const order = { from: active.hash, reason: 'callers complain' };
  const back = await ask<{ hash: string }>('POST', '/api/prompts/rollback', order);
  expect(back).toMatchObject({ status: 200, kind: 'rolledBack', reason: 'callers complain' });
  expect((await ask('POST', '/api/prompts/rollback', order)).status).toBe(409);
  await addLine('- Be quick.');
  expect(await ask('POST', '/api/prompts', {})).toMatchObject({ status: 201, outcome: 'waiting' });
  expect(await bundleOfNewConversation()).toBe(back.hash);
  const { entries } = await ask<{ entries: { action: string; detail: unknown }[] }>('GET', '/api/audit');
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['prompt.register', 'prompt.roll-back']),
  );
  const { activations } = await ask<{ activations: { kind: string }[] }>('GET', '/api/prompts/activations');
  expect(activations.map(({ kind }) => kind)).toEqual(['rolledBack', 'folder', 'folder']);
});

it('waits for a person in production, also after a restart of the worker', async () => {
  await addLine('- Spell names.');
  await stack.worker.kill();
  await stack.worker.start();
  const { folder, bundles } = await listing();
  const changed = bundles.find(({ hash }) => hash === folder.hash);
  expect(changed).toMatchObject({ registeredBy: 'system', activeIn: [] });
  expect(bundles.at(-1)?.activeIn, 'the first one is still what production uses').toContain('production');
  expect(await stack.logs()).toContain('prompt files differ from the active bundle');
});

it('shares new conversations out between two bundles, each to the same side for ever, until it is stopped', async () => {
  const { active, folder } = await listing();
  const begun = await ask<{ experimentId: string }>('POST', '/api/prompts/experiments', {
    challenger: folder.hash,
    percent: 50,
    reason: 'does it help?',
  });
  expect(begun).toMatchObject({ status: 201, control: active.hash, challenger: folder.hash });
  const given = await Promise.all(Array.from({ length: 16 }, bundleOfNewConversation));
  expect(new Set(given)).toEqual(new Set([active.hash, folder.hash]));
  const stop = `/api/prompts/experiments/${begun.experimentId}/stop`;
  expect(await ask('POST', stop, { reason: 'enough seen' })).toMatchObject({ status: 200 });
  expect(new Set(await Promise.all([1, 2, 3].map(bundleOfNewConversation)))).toEqual(new Set([active.hash]));
});

it('moves one running conversation to another bundle, thinking left behind, every later message stamped', async () => {
  const { active, folder } = await listing();
  const caller = await stack.caller();
  const violations = (await stack.model.violations()).length;
  await stack.model.play(caller.conversationId, [say('Hello!'), say('Gladly.')]);
  expect((await caller.say('Hello?')).promptBundle).toBe(active.hash);
  const repin = `/api/conversations/${caller.conversationId}/repin`;
  const order = { bundle: folder.hash, reason: 'the old text misleads this caller' };
  expect(await ask('POST', repin, { ...order, bundle: '0'.repeat(64) })).toMatchObject({ status: 404 });
  expect(await ask('POST', repin, order)).toMatchObject({ status: 200, from: active.hash, to: folder.hash });
  expect((await caller.say('May I ask something?')).promptBundle).toBe(folder.hash);
  expect((await caller.state()).promptBundle).toBe(folder.hash);
  expect(await stack.model.violations()).toHaveLength(violations);
  const { lines } = await ask<{ lines: { who: string; promptBundle: string }[] }>(
    'GET',
    `/api/conversations/${caller.conversationId}/transcript`,
  );
  expect(lines.map(({ promptBundle }) => promptBundle)).toEqual([
    active.hash,
    active.hash,
    folder.hash,
    folder.hash,
  ]);
  await caller.end();
  expect(await ask('POST', repin, order)).toMatchObject({ status: 409 });
});

it('counts for each bundle its conversations, turns, calls and cost', async () => {
  const { bundles } = await ask<{ bundles: Record<string, unknown>[] }>('GET', '/api/prompts/statistics');
  expect(bundles.length).toBeGreaterThan(2);
  for (const bundle of bundles) {
    expect(bundle['modelCalls']).toBeGreaterThanOrEqual(Number(bundle['turns']));
    expect(Number(bundle['costPicoUsd'])).toBeGreaterThan(0);
    expect(bundle['outputTokens']).toBeGreaterThan(0);
    expect(bundle['unpricedCalls']).toBe(0);
  }
});
