import { expect, it } from 'vitest';
import { treeOrder } from './tree-order.js';

const row = (observationId: string, parentId: string | null) => ({ observationId, parentId });
const shape = (rows: ReturnType<typeof row>[]) =>
  treeOrder(rows)
    .map(({ observationId, depth }) => `${observationId}${depth}`)
    .join(' ');

it('puts each observation behind its parent, and leaves none out', () => {
  expect(shape([row('b', 'a'), row('a', null), row('d', 'b'), row('c', 'a'), row('e', null)])).toBe(
    'a0 b1 d2 c1 e0',
  );
  expect(shape([row('lost', 'gone'), row('x', 'y'), row('y', 'x'), row('self', 'self')])).toBe(
    'lost0 x0 y1 self0',
  );
});
