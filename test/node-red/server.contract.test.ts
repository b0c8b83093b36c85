import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeRedVersion, startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';

let server: NodeRedServer;
beforeAll(async () => {
  server = await startNodeRed({
    adminRoot: '/adm',
    stubTypes: ['modbus-client'],
    users: [{ username: 'deployer', password: 'practice', permissions: '*' }],
  });
});
afterAll(() => server.remove());

const login = async (): Promise<string> => {
  const answer = await fetch(`${server.url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'node-red-admin',
      grant_type: 'password',
      scope: '',
      username: 'deployer',
      password: 'practice',
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
};

const get = async (path: string, token: string): Promise<unknown> => {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
  return (await fetch(`${server.url}${path}`, { headers })).json();
};

it('is a real Node-RED with a user, an admin root and stubs, at the same address after a kill', async () => {
  expect((await fetch(`${server.url}/flows`)).status).toBe(401);
  const token = await login();
  expect((await get('/settings', token)) as { version: string }).toHaveProperty(
    'version',
    expect.stringContaining(nodeRedVersion),
  );
  const usable = (await get('/nodes', token)) as { types: string[]; enabled: boolean; err?: string }[];
  const types = usable.flatMap((row) => (row.enabled && !row.err ? row.types : []));
  expect(types).toEqual(
    expect.arrayContaining(['inject', 'modbus-client', 'stuck', 'thrower', 'slow-constructor']),
  );
  const { url, pid } = server;

  await server.kill();
  await server.start({ safe: true });
  expect(server.url).toBe(url);
  expect(server.pid).not.toBe(pid);
  expect(await get('/flows/state', token), 'the token survives a restart').toEqual({ state: 'safe' });
});
