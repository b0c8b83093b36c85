import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../platform/config/secret.js';
import type { NodeRedAccess } from '../../platform/node-red-access.js';
import { startNodeRed, type NodeRedServer } from '../../test/kit/node-red-server.js';
import { createClient, type NodeRedClient } from './client.js';
import { createTokens, type Tokens } from './tokens.js';

let open: NodeRedServer;
let guarded: NodeRedServer;
beforeAll(async () => {
  const users = [
    { username: 'deployer', password: 'an invented one', permissions: '*' },
    { username: 'reader', password: 'another one', permissions: 'flows.read' },
    { username: 'locked', password: 'a third one', permissions: '*' },
  ];
  [open, guarded] = await Promise.all([startNodeRed(), startNodeRed({ adminRoot: '/adm', users })]);
});
afterAll(() => Promise.all([open.remove(), guarded.remove()]));

const noAuth: NodeRedAccess = { auth: { kind: 'none' }, proxy: null };
const as = (username: string, password: string): NodeRedAccess => ({
  auth: { kind: 'credentials', username, password: new Secret(password) },
  proxy: null,
});
const deployer = as('deployer', 'an invented one');
const client = (url: string, access: NodeRedAccess, tokens: Tokens = createTokens()): NodeRedClient =>
  createClient({ url, access, tokens, tokenKey: 'test', signal: new AbortController().signal });
const limitMs = 75_000;
const tab = { id: 'a-tab', type: 'tab', label: 'A', disabled: false, info: '', env: [] };

describe('an open admin API', () => {
  it('is told to be one, gives its facts, and takes flows on the right revision only', async () => {
    const door = client(open.url, noAuth);
    expect(await door.authKind()).toBe('open');
    expect(await door.facts()).toMatchObject({
      flowEncryption: 'user',
      state: 'start',
      maxBodyBytes: 5_242_880,
    });
    expect((await door.palette()).flatMap(({ types }) => types)).toContain('http in');
    const { rev } = await door.flows();
    const answer = await door.post([tab], { rev, type: 'flows', limitMs });
    expect(answer).toMatchObject({ kind: 'answered', status: 200, rev: (await door.flows()).rev });
    expect(await door.post([], { rev, type: 'flows', limitMs })).toMatchObject({
      kind: 'answered',
      status: 409,
      code: 'version_mismatch',
    });
  });

  it('has no live node where there is none', async () => {
    expect(await client(open.url, noAuth).isLive('nobody')).toBe(false);
  });
});

describe('an admin API with accounts', () => {
  it('is logged in to once, and once more when the token was revoked', async () => {
    const tokens = createTokens();
    const door = client(guarded.url, deployer, tokens);
    expect(await door.authKind()).toBe('credentials');
    await Promise.all([door.flows(), door.flows(), door.facts()]);
    const token = await tokens.get('test', () => Promise.reject(new Error('A token was there.')));
    await fetch(`${guarded.url}/auth/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token: token.reveal() }),
    });
    expect(typeof (await door.flows()).rev).toBe('string');
  });

  it('takes a token that was given instead of an account', async () => {
    const tokens = createTokens();
    await client(guarded.url, deployer, tokens).flows();
    const token = await tokens.get('test', () => Promise.reject(new Error('A token was there.')));
    const door = client(guarded.url, { auth: { kind: 'token', token }, proxy: null });
    expect(typeof (await door.flows()).rev).toBe('string');
    const wrong = client(guarded.url, {
      auth: { kind: 'token', token: new Secret('invented') },
      proxy: null,
    });
    await expect(wrong.flows()).rejects.toMatchObject({ type: 'NodeRedAuth' });
  });

  it('is reached through a proxy that wants Basic, with the token in the query', async () => {
    const proxy = await basicProxy(new URL(guarded.url));
    try {
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/adm`;
      const behind = { ...deployer, proxy: { username: 'door', password: new Secret('open+it') } };
      expect(typeof (await client(url, behind).flows()).rev).toBe('string');
      await expect(client(url, deployer).flows()).rejects.toMatchObject({ type: 'NodeRedAuth' });
    } finally {
      proxy.close();
    }
  });

  it('refuses a wrong password, what the account may not do, and a wrong root, each by its name', async () => {
    await expect(client(guarded.url, as('deployer', 'wrong')).flows()).rejects.toMatchObject({
      type: 'NodeRedAuth',
    });
    const reader = client(guarded.url, as('reader', 'another one'));
    expect(typeof (await reader.flows()).rev).toBe('string');
    await expect(reader.palette()).rejects.toMatchObject({ type: 'NodeRedPermission' });
    await expect(client(guarded.nodeUrl, noAuth).flows()).rejects.toMatchObject({ type: 'NodeRedMalformed' });
  });

  it('says that it has locked an account, which waiting alone cures', async () => {
    const door = (): NodeRedClient => client(guarded.url, as('locked', 'wrong'));
    for (let tries = 0; tries < 6; tries += 1)
      await door()
        .flows()
        .catch(() => undefined);
    await expect(client(guarded.url, as('locked', 'a third one')).flows()).rejects.toMatchObject({
      type: 'NodeRedLoginLocked',
      retryAfterMs: 660_000,
    });
  });
});

it('tells a process that is not there from an answer that was lost', async () => {
  const nobody = client('http://127.0.0.1:9', noAuth);
  await expect(nobody.flows()).rejects.toMatchObject({
    type: 'NodeRedUnavailable',
    socketCode: 'ECONNREFUSED',
  });
  expect(await nobody.post([], { rev: 'x', type: 'flows', limitMs })).toEqual({ kind: 'refused' });
});

/** Lets pass who knows its name and password, without telling them to what is behind. */
async function basicProxy(target: URL): Promise<Server> {
  const wanted = `Basic ${Buffer.from('door:open+it').toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    const { authorization, ...headers } = incoming.headers;
    if (authorization !== wanted) {
      outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="door"' }).end();
      return;
    }
    const upstream = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
