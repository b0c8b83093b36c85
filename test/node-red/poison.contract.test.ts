import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { predictRevision } from '../../domain/flows/revision.js';
import { NodeRedApi } from '../kit/node-red-api.js';
import { startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { sha256Hex } from '../kit/sha256.js';

const rev = (flows: readonly FlowNode[]) => predictRevision(flows, sha256Hex);
const tab: FlowNode = { id: 't', type: 'tab', label: 'T' };
const at = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'comment',
  z: 't',
  x: 1,
  y: 1,
  wires: [],
  ...more,
});
const good = [tab, at('a')];
const closeTimeoutMs = 2_000;

let server: NodeRedServer;
let nodeRed: NodeRedApi;
beforeEach(async () => {
  server = await startNodeRed({
    stubTypes: ['keeps-secrets'],
    settings: { nodeCloseTimeout: closeTimeoutMs },
  });
  nodeRed = new NodeRedApi(server.url);
  await nodeRed.post(good);
});
afterEach(() => server.remove());

const answers = (): Promise<boolean> =>
  fetch(`${server.url}/flows/state`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

describe('poison', () => {
  it.each<[string, readonly FlowNode[]]>([
    [
      'a group in a missing group',
      [...good, { id: 'g', type: 'group', z: 't', g: 'nowhere', nodes: [], x: 1, y: 1, w: 1, h: 1 }],
    ],
    [
      'groups in each other',
      [
        ...good,
        { id: 'g', type: 'group', z: 't', g: 'h', nodes: ['h'] },
        { id: 'h', type: 'group', z: 't', g: 'g', nodes: ['g'] },
      ],
    ],
  ])(
    '%s is accepted, hangs the process for good, and only --safe with good flows cures it',
    async (_, flows) => {
      expect(await nodeRed.post(flows)).toEqual({ status: 200, body: { rev: rev(flows) } });
      // The start is asynchronous: one more answer may get through.
      const hangs = async (): Promise<boolean> => !(await answers()) || !(await answers());
      await expect.poll(hangs, { timeout: 10_000 }).toBe(true);
      await server.kill();
      await server.start({ safe: true });
      // For a moment it says `start` even now.
      await expect
        .poll(() => nodeRed.get('/flows/state'), { timeout: 20_000 })
        .toMatchObject({ state: 'safe' });
      expect((await nodeRed.flows()).rev).toBe(rev(flows));
      expect((await nodeRed.post(good)).status).toBe(200);
      await nodeRed.untilLive(['a']);
    },
  );

  it('a null credential kills the process, and the old flows are on disk', async () => {
    const flows = [...good, at('s', { type: 'keeps-secrets', credentials: { password: null } })];
    await expect(nodeRed.post(flows)).rejects.toThrow();
    await server.start();
    expect((await nodeRed.flows()).rev).toBe(rev(good));
    await nodeRed.untilLive(['a']);
  });

  it('a config node named like its id keeps its tab down, while the answers say that all is well', async () => {
    const flows = [
      ...good,
      { id: 'c', type: 'tls-config', z: 't', name: 'c' },
      { ...tab, id: 'u' },
      at('b', { z: 'u' }),
    ];
    expect((await nodeRed.post(flows, { type: 'full' })).status).toBe(200);
    await nodeRed.untilLive(['b']);
    expect(await nodeRed.live(['a'])).toEqual([]);
    expect(await nodeRed.get('/flows/state')).toMatchObject({ state: 'start' });
  });
});

describe('the save is the commit point', () => {
  const slow = [...good, at('stuck', { type: 'stuck' })];
  beforeEach(async () => {
    await nodeRed.post(slow);
    await nodeRed.untilLive(['stuck']);
  });
  const saved = async (expected: string): Promise<void> => {
    while ((await nodeRed.flows()).rev !== expected) await sleep(20);
  };

  it('the revision is new while changed nodes still stop; killed then, the new flows run', async () => {
    const posted = nodeRed.post(good).catch(() => 'lost');
    await saved(rev(good));
    await server.kill();
    expect(await posted).toBe('lost');
    await server.start();
    expect((await nodeRed.flows()).rev).toBe(rev(good));
    await nodeRed.untilLive(['a']);
  });

  it('a request that was given up is executed all the same, later; a fence on the base stops it', async () => {
    const first = [...slow.filter(({ id }) => id !== 'stuck'), at('first')];
    const zombie = [...first, at('zombie')];
    const posted = nodeRed.post(first);
    await saved(rev(first));
    // It waits for the mutex of the first, whose stop phase takes the close timeout.
    await expect(
      nodeRed.post(zombie, { rev: rev(first), signal: AbortSignal.timeout(300) }),
    ).rejects.toThrow();
    expect((await nodeRed.flows()).rev, 'proves nothing').toBe(rev(first));
    const fence = [...first, at('fence')];
    const fenced = await nodeRed.post(fence, { rev: rev(first) });
    await posted;
    expect(fenced.status, 'the zombie was first in the queue').toBe(409);
    expect((await nodeRed.flows()).rev).toBe(rev(zombie));
  });
});
