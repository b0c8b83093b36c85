import { sha256Hex } from '../../test/kit/sha256.js';
import { expect, it } from 'vitest';
import type { FlowNode } from './flow-node.js';
import { predictRevision, storedForm } from './revision.js';

const parse = (text: string): readonly FlowNode[] => JSON.parse(text) as FlowNode[];

it('hashes nodes in their order, with their keys in order, without credentials', () => {
  const flows = parse('[{"id":"b","type":"t","credentials":{"password":"p"},"x":1},{"type":"t","id":"a"}]');
  expect(predictRevision(flows, sha256Hex)).toBe(
    sha256Hex('[{"id":"b","type":"t","x":1},{"type":"t","id":"a"}]'),
  );
});

it.each([
  [
    '{"id":"a","type":"t","n":1e21,"m":-0,"big":12345678901234567890}',
    '{"id":"a","type":"t","n":1e+21,"m":0,"big":12345678901234567000}',
  ],
  ['{"id":"a","type":"t","b":1,"2":2,"1":1}', '{"1":1,"2":2,"id":"a","type":"t","b":1}'],
  [
    '{"id":"a","type":"t","__proto__":{"x":1},"deep":[{"__proto__":1,"y":2}]}',
    '{"id":"a","type":"t","deep":[{"y":2}]}',
  ],
  ['{"id":"a","type":"t","credentials":{}}', '{"id":"a","type":"t"}'],
  // Falsy ones are stored, hashed and returned: the reason never to send one.
  ['{"id":"a","type":"t","credentials":null}', '{"id":"a","type":"t","credentials":null}'],
])('knows how %s is stored', (sent, stored) => {
  expect(JSON.stringify(storedForm(parse(`[${sent}]`)))).toBe(`[${stored}]`);
});
