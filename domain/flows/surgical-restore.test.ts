import { expect, it } from 'vitest';
import { generatedFlows, nodeId, tabId } from '../../test/kit/generated-flows.js';
import { withMarker } from './deploy-marker.js';
import type { FlowNode } from './flow-node.js';
import { mergeFlows } from './merge-flows.js';
import { planRestore } from './surgical-restore.js';

const backup = generatedFlows({ prefix: 'foreign' });
const ours = generatedFlows({ prefix: 'ours' });
const first = mergeFlows({
  base: backup,
  incoming: ours,
  owned: new Set(),
  withCredentials: new Set(),
}).flows;
const changedId = nodeId('ours', 0, 3);
const removedId = nodeId('ours', 1, 3);
const next = ours
  .filter(({ id }) => id !== removedId)
  .map((node) => (node.id === changedId ? { ...node, func: 'return null;' } : node));
const added: FlowNode = { id: 'added', type: 'comment', z: tabId('ours', 0), x: 1, y: 1, wires: [] };
const second = mergeFlows({
  base: first,
  incoming: [...next, added],
  owned: new Set(),
  withCredentials: new Set(),
}).flows;
const sent = withMarker(second, { deploymentId: 'd', sequence: 1 });
const edited = (id: string, change: object): readonly FlowNode[] =>
  sent.map((node) => (node.id === id ? { ...node, ...change } : node));

it('is the backup, in its order, when nobody else wrote', () => {
  expect(planRestore({ backup: first, deployed: sent, current: sent })).toEqual({
    kind: 'restore',
    flows: first,
    surgical: false,
    reappearing: [removedId],
  });
});

it('takes back ours and keeps theirs when others changed something else', () => {
  const theirs = { id: 'theirs', type: 'comment', z: tabId('foreign', 0), x: 1, y: 1, wires: [] };
  const theirChange = nodeId('foreign', 0, 3);
  const current = [...edited(theirChange, { func: 'return [msg];' }), theirs];
  const expected = [
    ...first.map((node) => (node.id === theirChange ? { ...node, func: 'return [msg];' } : node)),
    theirs,
  ];
  expect(planRestore({ backup: first, deployed: sent, current })).toEqual({
    kind: 'restore',
    flows: expected,
    surgical: true,
    reappearing: [removedId],
  });
});

it('lets a move on the canvas or an undo by others pass', () => {
  const undone = edited(changedId, { func: 'return msg;', x: 999 });
  expect(planRestore({ backup: first, deployed: sent, current: undone })).toMatchObject({
    kind: 'restore',
    surgical: true,
  });
});

it.each([
  ['changed what we changed', edited(changedId, { func: 'theirs' }), changedId],
  [
    'brought back in another form what we removed',
    [...sent, { ...ours.find(({ id }) => id === removedId)!, func: 'theirs' }],
    removedId,
  ],
  ['changed what we added', edited('added', { info: 'theirs' }), 'added'],
])('asks a person when others %s', (_, current, id) => {
  expect(planRestore({ backup: first, deployed: sent, current })).toEqual({ kind: 'overlap', nodeIds: [id] });
});

it('asks a person when others put something on a tab that is about to go', () => {
  const theirs = { id: 'theirs', type: 'comment', z: tabId('ours', 0), x: 1, y: 1, wires: [] };
  const deployed = withMarker(first, { deploymentId: 'd', sequence: 1 });
  expect(planRestore({ backup, deployed, current: [...deployed, theirs] })).toEqual({
    kind: 'overlap',
    nodeIds: ['theirs'],
  });
});
