import { expect, it } from 'vitest';
import { credentialNeeds, substitute } from './substitute-environment.js';

const tab = {
  id: 't',
  type: 'tab',
  env: [
    { name: 'BASE_URL', value: 'http://staging.invalid', type: 'str' },
    { name: 'TOKEN', value: '', type: 'cred' },
  ],
};
const hook = { id: 'h', type: 'http in', z: 't', x: 1, y: 1, url: '/hook', method: 'post', wires: [] };

it('rewrites the environment of tabs and the routes, and leaves the rest as the same object', () => {
  const other = { id: 'o', type: 'inject', z: 't', x: 1, y: 1, wires: [] };
  const { flows, problems } = substitute([tab, hook, other], {
    routePrefix: '/river',
    environment: { BASE_URL: 'http://live.invalid' },
  });
  expect(flows[0]).toMatchObject({ env: [{ value: 'http://live.invalid' }, { name: 'TOKEN', value: '' }] });
  expect(flows[1]).toMatchObject({ url: '/river/hook' });
  expect(flows[2]).toBe(other);
  expect(problems).toEqual([]);
});

it('refuses a value that no tab asks for, and a secret among values', () => {
  const { flows, problems } = substitute([tab], {
    routePrefix: null,
    environment: { BASE_ULR: 'x', TOKEN: 'y' },
  });
  expect(problems).toMatchObject([
    { rule: 'secretAsValue', nodeId: 't', property: 'env.1' },
    { rule: 'environmentUnused', reason: expect.stringContaining('BASE_ULR') as string },
  ]);
  expect(JSON.stringify(flows)).not.toContain('"y"');
});

it('tells the credentials that flows need', () => {
  const request = { id: 'r', type: 'http request', z: 't', x: 1, y: 1, authType: 'basic', wires: [] };
  const broker = { id: 'b', type: 'mqtt-broker' };
  expect(
    credentialNeeds([tab, request, broker], { b: ['user'] }).map(({ nodeId, field }) => `${nodeId}.${field}`),
  ).toEqual(['t.TOKEN', 'r.user', 'r.password', 'b.user']);
});
