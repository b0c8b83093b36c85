import { afterEach, expect, it } from 'vitest';
import { importScene, sampleTrace, type ImportScene } from '../../test/kit/import-scene.js';

let scene: ImportScene;
afterEach(() => scene.close());

it('forms sessions and counts while it imports, equal to the truth of the server, and again without a change', async () => {
  scene = await importScene({}, { mode: 'dual' });
  const traces = Array.from({ length: 40 }, (_, index) => sampleTrace(`trace-${index}`, 40 + index));
  await scene.langfuse.order('POST', '/traces', { traces });
  await scene.run();
  const truth = await scene.truth();
  const { store } = scene;
  const { tenantId } = scene.address;
  const all = async () => {
    const { rows } = await store.sessions.list(tenantId, 'sandbox', {}, { limit: 100 });
    return rows;
  };
  const sessions = await all();
  expect(sessions.reduce((sum, { facts }) => sum + facts.turns, 0)).toBe(truth.traces);
  expect(sessions.reduce((sum, { facts }) => sum + facts.observations, 0)).toBe(truth.observations);
  const range = { fromDay: '2000-01-01', toDay: '2100-01-01' };
  const counted = await store.insights.tallies(tenantId, 'sandbox', 'trace', 'item', range);
  expect(counted.map(({ tally }) => [tally.count, String(tally.costPicoUsd)])).toEqual([
    [truth.traces, truth.costPico],
  ]);
  await scene.run();
  expect(await all()).toEqual(sessions);
});
