import { expect, it } from 'vitest';
import { realFlow } from '../../test/kit/real-flows.js';
import { prefixedPath, routeClashes, routesOf } from './routes.js';

const tab = { id: 't', type: 'tab', label: 'T' };
const route = (id: string, method: string, url: string, more = {}) => ({
  id,
  type: 'http in',
  z: 't',
  x: 1,
  y: 1,
  method,
  url,
  wires: [],
  ...more,
});

it('finds the five routes of a real export', () => {
  expect(routesOf(realFlow('modbus-http'))).toHaveLength(5);
});

it.each([
  ['/a', '/A/'],
  ['/a/:id', '/a/:name'],
  ['a', '/a'],
])('takes %s and %s for one route', (one, other) => {
  expect(routeClashes([tab, route('x', 'get', one), route('y', 'get', other)], new Set(['y']))).toMatchObject(
    [{ ours: { nodeId: 'y' }, other: { nodeId: 'x' } }],
  );
});

it('sees no clash between methods, with a disabled node, or among others', () => {
  const flows = [
    tab,
    route('x', 'get', '/a'),
    route('y', 'post', '/a'),
    route('d', 'get', '/a', { d: true }),
  ];
  expect(routeClashes(flows, new Set(['y', 'd']))).toEqual([]);
  expect(routeClashes([tab, route('x', 'get', '/a'), route('z', 'get', '/a')], new Set())).toEqual([]);
});

it('compares the paths that the running nodes serve, not the names of variables', () => {
  const named = (value: string) => [{ name: 'PATH', value, type: 'str' }];
  const flows = [
    { ...tab, env: named('/a') },
    { ...tab, id: 'u', env: named('/b') },
    route('x', 'get', '${PATH}'),
    route('y', 'get', '${PATH}', { z: 'u' }),
    route('z', 'get', '/b'),
  ];
  expect(routeClashes(flows, new Set(['y']))).toMatchObject([{ route: 'GET /b', other: { nodeId: 'z' } }]);
  expect(routeClashes(flows.slice(0, 4), new Set(['y']))).toEqual([]);
});

it('puts a prefix in front once', () => {
  expect(prefixedPath('/river/', 'hook')).toBe('/river/hook');
  expect(prefixedPath('river', '/river/hook')).toBe('/river/hook');
  expect(prefixedPath('/river', '/riverbank')).toBe('/river/riverbank');
});
