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

it('puts a prefix in front once', () => {
  expect(prefixedPath('/river/', 'hook')).toBe('/river/hook');
  expect(prefixedPath('river', '/river/hook')).toBe('/river/hook');
  expect(prefixedPath('/river', '/riverbank')).toBe('/river/riverbank');
});
