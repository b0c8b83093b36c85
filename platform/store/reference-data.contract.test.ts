import { expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';
import type { ReferenceItem } from '../../domain/reference/reference-data.js';

storeContract('reference data', (scene) => {
  const item = (key: string, name = key): ReferenceItem => ({ key, value: { name } });
  const owned = (tenantId: string) => ({ tenantId, environment: 'sandbox', kind: 'locations' }) as const;
  const replace = (tenantId: string, readAtMs: number, items: readonly ReferenceItem[], acceptLoss = false) =>
    scene().store.referenceData.replace({ ...owned(tenantId), items, readAtMs, acceptLoss });

  it('is what was read last, with its age and each change once', async () => {
    const tenantId = scene().tenant();
    const { referenceData } = scene().store;
    expect(await referenceData.get(owned(tenantId))).toEqual({ readAtMs: null, lastTry: null, items: [] });
    expect(await replace(tenantId, 10, [item('a'), item('b')])).toMatchObject({ added: 2 });
    expect(await replace(tenantId, 20, [item('a'), item('b')])).toEqual({
      kind: 'replaced',
      added: 0,
      changed: 0,
      removed: 0,
    });
    expect(await replace(tenantId, 30, [item('a', 'renamed')])).toMatchObject({ changed: 1, removed: 1 });
    expect(await referenceData.get(owned(tenantId))).toEqual({
      readAtMs: 30,
      lastTry: { atMs: 30, result: 'synced' },
      items: [{ ...item('a', 'renamed'), changedAtMs: 30 }],
    });
    const changes = await referenceData.changes(owned(tenantId), 10);
    expect(changes.map(({ key, change, atMs }) => `${atMs} ${key} ${change}`).sort()).toEqual([
      '10 a added',
      '10 b added',
      '30 a changed',
      '30 b removed',
    ]);
    expect(changes.find(({ change }) => change === 'changed')).toMatchObject({
      before: { name: 'a' },
      after: { name: 'renamed' },
    });
    expect(await referenceData.changes(owned(tenantId), 1)).toHaveLength(1);
  });

  it('is kept when an answer is empty or has lost most of it, until a person accepts the loss', async () => {
    const tenantId = scene().tenant();
    const { referenceData } = scene().store;
    await replace(
      tenantId,
      10,
      ['a', 'b', 'c'].map((key) => item(key)),
    );
    expect(await replace(tenantId, 20, [])).toEqual({ kind: 'kept', why: 'empty' });
    expect(await replace(tenantId, 21, [item('a')])).toEqual({ kind: 'kept', why: 'mostlyGone' });
    expect(await replace(tenantId, 22, [], true)).toEqual({ kind: 'kept', why: 'empty' });
    expect(await referenceData.get(owned(tenantId))).toMatchObject({
      readAtMs: 10,
      lastTry: { atMs: 22, result: 'suspicious' },
      items: [item('a'), item('b'), item('c')],
    });
    expect(await replace(tenantId, 30, [item('a')], true)).toMatchObject({ kind: 'replaced', removed: 2 });
  });

  it('is not set back by a sync that read earlier and finished later', async () => {
    const tenantId = scene().tenant();
    await replace(tenantId, 20, [item('new')]);
    expect(await replace(tenantId, 10, [item('old')])).toEqual({ kind: 'kept', why: 'older' });
  });

  it('keeps its age when a try fails', async () => {
    const tenantId = scene().tenant();
    const { referenceData } = scene().store;
    await replace(tenantId, 10, [item('a')]);
    await referenceData.noteFailure({ ...owned(tenantId), atMs: 40, result: 'throttled' });
    expect(await referenceData.get(owned(tenantId))).toMatchObject({
      readAtMs: 10,
      lastTry: { atMs: 40, result: 'throttled' },
      items: [item('a')],
    });
  });

  it('of one tenant, environment and kind is none of another', async () => {
    const tenantId = scene().tenant();
    const { referenceData } = scene().store;
    await replace(tenantId, 10, [item('a')]);
    const others = [
      owned(scene().tenant()),
      { ...owned(tenantId), environment: 'production' as const },
      { ...owned(tenantId), kind: 'chairs' as const },
    ];
    for (const other of others) {
      expect((await referenceData.get(other)).items).toEqual([]);
      expect(await referenceData.changes(other, 10)).toEqual([]);
    }
  });
});
