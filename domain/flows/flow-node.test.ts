import { expect, it } from 'vitest';
import {
  definitionOf,
  groupOf,
  isLink,
  kindOf,
  linksOf,
  nodesById,
  strings,
  titleOf,
  wiresOf,
} from './flow-node.js';

const node = { id: 'a', type: 'function', z: 't' };

it('tells a config node by a missing place, as the runtime does', () => {
  expect(kindOf(node)).toBe('config');
  expect(kindOf({ ...node, x: 1 })).toBe('config');
  expect(kindOf({ ...node, x: 1, y: 1 })).toBe('node');
  expect(kindOf({ id: 'g', type: 'group', x: 1, y: 1 })).toBe('group');
});

it('reads what is malformed as nothing', () => {
  expect(wiresOf({ ...node, wires: 'x' })).toEqual([]);
  expect(wiresOf({ ...node, wires: [['b', null], 'c'] })).toEqual([['b'], []]);
  expect(linksOf({ ...node, links: 'x' })).toEqual([]);
  expect(strings(null)).toEqual([]);
  expect(groupOf({ ...node, g: '' })).toBeUndefined();
});

it('knows instances, links and names', () => {
  expect(definitionOf({ ...node, type: 'subflow:s1' })).toBe('s1');
  expect(definitionOf(node)).toBeUndefined();
  expect(isLink({ ...node, type: 'link call' })).toBe(true);
  expect(titleOf({ ...node, name: 'Ask' })).toBe('"Ask" (function a)');
  expect(titleOf({ ...node, name: ' ' })).toBe('function a');
});

it('lets the last of two nodes with one id count, as the runtime does', () => {
  expect(nodesById([node, { ...node, name: 'two' }]).get('a')).toMatchObject({ name: 'two' });
});
