import { expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';
import { usualRetention } from '../../domain/deployment/target.js';
import { createSealer } from '../secrets/sealer.js';
import { parseMasterKeys } from '../secrets/parse-master-keys.js';
import { createFlowDocuments } from './flow-documents.js';

const keys = parseMasterKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`)!;
const options = {
  dryRun: false,
  approval: null,
  deploymentType: 'flows',
  smoke: [],
  routePrefix: null,
  rewrite: [],
  bindings: {},
  environment: {},
  credentials: {},
} as const;

storeContract('deployments', (scene) => {
  const opened = async (tenantId: string, requestHash = 'r') =>
    scene().store.flowDeployments.open({
      tenantId,
      deploymentId: 'd1',
      environment: 'sandbox',
      targetId: 't1',
      requestHash,
      request: { source: { kind: 'artifact', hash: 'h' }, options, reason: 'a test' },
      actor: 'u1',
    });

  it('are opened once for a key, refused for another request under it, and never change after their end', async () => {
    const tenantId = scene().tenant();
    const { flowDeployments } = scene().store;
    expect(await opened(tenantId)).toMatchObject({ status: 'queued' });
    expect(await opened(tenantId)).toMatchObject({ status: 'queued' });
    await expect(opened(tenantId, 'other')).rejects.toThrow(/another request/);
    await flowDeployments.update(tenantId, 'd1', { outcome: 'restored', detail: 'it did not live' });
    await flowDeployments.update(tenantId, 'd1', { outcome: 'deployed', detail: 'it did' });
    expect(await flowDeployments.get(tenantId, 'sandbox', 'd1')).toMatchObject({
      status: 'ended',
      outcome: 'restored',
    });
    expect(await flowDeployments.get(tenantId, 'production', 'd1')).toBeUndefined();
  });

  it('keep their steps in order, each once, also when two are added at the same time', async () => {
    const tenantId = scene().tenant();
    const { flowDeployments } = scene().store;
    await opened(tenantId);
    const note = (eventId: string) =>
      flowDeployments.note(tenantId, 'd1', {
        eventId,
        step: eventId,
        instance: null,
        phase: 'done',
        detail: {},
      });
    await Promise.all(['a', 'b', 'c', 'a'].map(note));
    const events = await flowDeployments.events(tenantId, 'd1', 0);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(new Set(events.map(({ step }) => step))).toEqual(new Set(['a', 'b', 'c']));
    expect(await flowDeployments.events(tenantId, 'd1', 2)).toHaveLength(1);
  });

  it('find their documents by hash, under their own tenant only', async () => {
    const [mine, other] = [scene().tenant(), scene().tenant()];
    const documents = createFlowDocuments(scene().database, { nowMs: () => 1 }, createSealer(keys));
    const flows = [{ id: 'a', type: 'tab', label: 'ä' }];
    const hash = await documents.put(mine, flows);
    expect(await documents.put(mine, flows)).toBe(hash);
    expect(await documents.get(mine, hash)).toEqual(flows);
    await expect(documents.get(other, hash)).rejects.toThrow(/no such document/);
  });

  it('lose no document that a backup, an artefact or a deployed instance still names', async () => {
    const tenantId = scene().tenant();
    const { flowBackups, flowArtifacts } = scene().store;
    const documents = createFlowDocuments(scene().database, { nowMs: () => 1 }, createSealer(keys));
    const [shared, own, kept] = [
      await documents.put(tenantId, [1]),
      await documents.put(tenantId, [2]),
      await documents.put(tenantId, [3]),
    ];
    await flowArtifacts.put(tenantId, {
      hash: kept,
      name: 'x',
      origin: 'upload',
      nodes: 1,
      tabs: [],
      registeredBy: 'u',
    });
    const backup = (backupId: string, flowsHash: string, createdAtMs: number) =>
      flowBackups.add({
        tenantId,
        backupId,
        environment: 'sandbox',
        targetId: 't1',
        instance: 'main',
        rev: 'r',
        flowsHash,
        factsHash: shared,
        nodes: 1,
        reason: 'request',
        actor: 'u',
        deploymentId: null,
        verifiedAtMs: createdAtMs,
        createdAtMs,
      });
    await backup('b1', own, 1);
    await backup('b2', kept, 2);
    await backup('b3', shared, 3);
    await flowBackups.remove(tenantId, ['b1', 'b2']);
    await expect(documents.get(tenantId, own)).rejects.toThrow();
    expect(await documents.get(tenantId, kept)).toEqual([3]);
    expect(await documents.get(tenantId, shared)).toEqual([1]);
    expect(await flowBackups.ofInstance(tenantId, 't1', 'main')).toHaveLength(1);
  });

  it('lock a target with the first reason until somebody acknowledges; a name is taken once', async () => {
    const tenantId = scene().tenant();
    const { flowTargets } = scene().store;
    const settings = {
      name: 'main',
      instances: [],
      approval: false,
      allowedModules: [],
      forbiddenTypes: [],
      backupEveryMinutes: null,
      driftEveryMinutes: null,
      retention: usualRetention,
    };
    const create = (targetId: string) =>
      flowTargets.create({ tenantId, targetId, environment: 'sandbox', settings, createdBy: 'u' });
    await create('t1');
    await expect(create('t2')).rejects.toThrow(/this name/);
    await flowTargets.lock(tenantId, 't1', { deploymentId: 'd1', reason: 'first', atMs: 1 });
    await flowTargets.lock(tenantId, 't1', { deploymentId: 'd2', reason: 'second', atMs: 2 });
    expect((await flowTargets.get(tenantId, 'sandbox', 't1'))?.lock).toMatchObject({ reason: 'first' });
    expect(await flowTargets.unlock(tenantId, 'sandbox', 't1')).toMatchObject({ lock: null });
    await expect(flowTargets.unlock(tenantId, 'sandbox', 't1')).rejects.toThrow(/not locked/);
    await flowTargets.remove(tenantId, 'sandbox', 't1');
    expect(await create('t3')).toMatchObject({ targetId: 't3' });
  });
});
