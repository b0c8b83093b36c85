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

const ownModel = {
  id: 'own',
  modelName: 'gpt-4o',
  matchPattern: '(?i)^gpt-4o$',
  pricingTiers: [{ id: 'own-tier', name: 'Own', isDefault: true, priority: 0, prices: { input: 0.001 } }],
};

const disagreeing = async () => {
  const range = { fromDay: '2000-01-01', toDay: '2100-01-01' };
  const [row] = await scene.store.insights.tallies(scene.address.tenantId, 'sandbox', 'model', 'item', range);
  return [row?.tally.recomputed, row?.tally.disagreeing];
};

it.each(['dual', 'events_only'])(
  "checks costs with the project's own prices, read once a day, in mode %s",
  async (mode) => {
    scene = await importScene({}, { mode });
    await scene.langfuse.order('POST', '/models', { model: ownModel });
    const traces = [sampleTrace('a', 60, {}, 'otlp'), sampleTrace('b', 90, {}, 'otlp')];
    await scene.langfuse.order('POST', '/traces', { traces });
    await scene.run();
    expect(await disagreeing()).toEqual([2, 0]);
    const { tenantId } = scene.address;
    expect(await scene.store.modelPrices.latest(tenantId, 'sandbox')).toMatchObject([
      { models: [{ modelName: 'gpt-4o', tiers: [{ name: 'Own', prices: { input: 0.001 } }] }] },
    ]);
    const asked = async () => {
      const { requests } = (await scene.langfuse.order('GET', '/requests')) as {
        requests: { path: string }[];
      };
      return requests.filter(({ path }) => path.includes('/models')).length;
    };
    const first = await asked();
    await scene.advance(30 * 60_000);
    await scene.run();
    expect(await asked()).toBe(first);
  },
);

it.each(['500', 'empty-200', '404-html'])(
  'imports without prices that the project does not tell (%s), and asks again an hour later',
  async (kind) => {
    scene = await importScene({}, { mode: 'dual' });
    await scene.langfuse.order('POST', '/models', { model: ownModel });
    await scene.langfuse.order('POST', '/traces', { traces: [sampleTrace('a', 60)] });
    await scene.langfuse.order('POST', '/faults', { kind, path: '/models', times: 1 });
    expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
    expect(await disagreeing()).toEqual([1, 1]);
    await scene.advance(61 * 60_000);
    await scene.run();
    expect(await disagreeing()).toEqual([1, 0]);
  },
);
