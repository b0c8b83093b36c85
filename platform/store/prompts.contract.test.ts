import { describe, expect, it } from 'vitest';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { storeContract } from '../../test/kit/store-contract.js';
import { toolEffect, type ToolName } from '../../domain/agent/tools.js';
import { buildPromptBundle } from '../prompts/prompt-bundle.js';
import { Conflict, NotFound } from './errors.js';

const tools = Object.fromEntries(Object.keys(toolEffect).map((name) => [name, name])) as Record<
  ToolName,
  string
>;
const bundle = (system: string) => buildPromptBundle(sampleTenant, { system, tools }, 'api');
const why = { actor: 'user-1', reason: 'because' };

storeContract('prompts', (scene) => {
  /** A tenant with these bundles, registered in this order. */
  const registered = async (...hashes: readonly string[]): Promise<string> => {
    const tenantId = scene().tenant();
    for (const hash of hashes) {
      await scene().store.promptBundles.put(tenantId, hash, bundle(hash), 'user-1');
      scene().clock.now += 1_000;
    }
    return tenantId;
  };

  describe('a bundle', () => {
    it('keeps its content, its first author and its tenant', async () => {
      const { promptBundles } = scene().store;
      const tenantId = await registered('a', 'b');
      expect(await promptBundles.put(tenantId, 'a', bundle('other'), 'user-2')).toBe(false);
      expect(await promptBundles.get(tenantId, 'a')).toMatchObject({
        bundle: bundle('a'),
        registeredBy: 'user-1',
      });
      expect(await promptBundles.get(scene().tenant(), 'a')).toBeUndefined();
      const first = await promptBundles.list(tenantId, { limit: 1 });
      expect(first.rows.map(({ hash }) => hash)).toEqual(['b']);
      const rest = await promptBundles.list(tenantId, { limit: 1, cursor: first.nextCursor ?? undefined });
      expect(rest).toMatchObject({ rows: [{ hash: 'a' }], nextCursor: null });
    });
  });

  describe('the active bundle', () => {
    it('is chosen per environment among the bundles of the tenant', async () => {
      const { promptActivations } = scene().store;
      const tenantId = await registered('a');
      expect(await promptActivations.active(tenantId, 'sandbox')).toBeUndefined();
      await promptActivations.choose(tenantId, 'sandbox', 'a', why);
      expect(await promptActivations.active(tenantId, 'sandbox')).toMatchObject({ hash: 'a', ...why });
      expect(await promptActivations.active(tenantId, 'production')).toBeUndefined();
      await expect(promptActivations.choose(tenantId, 'sandbox', 'z', why)).rejects.toThrow(NotFound);
      await expect(promptActivations.choose(scene().tenant(), 'sandbox', 'a', why)).rejects.toThrow(NotFound);
    });

    it('goes back one activation a rollback, and never forward again', async () => {
      const { promptActivations } = scene().store;
      const tenantId = await registered('a', 'b', 'c');
      for (const hash of ['a', 'b', 'c']) await promptActivations.choose(tenantId, 'production', hash, why);
      await promptActivations.choose(tenantId, 'production', 'c', why);
      const back = (from: string) => promptActivations.rollBack(tenantId, 'production', from, why);
      expect(await back('c')).toMatchObject({ hash: 'b', kind: 'rolledBack' });
      await expect(back('c'), 'the same request again').rejects.toThrow(Conflict);
      expect(await back('b')).toMatchObject({ hash: 'a' });
      await expect(back('a')).rejects.toThrow(Conflict);
      const history = await promptActivations.history(tenantId, 'production');
      expect(history.map(({ hash }) => hash)).toEqual(['a', 'b', 'c', 'b', 'a']);
    });

    it('follows changed files in sandbox until a person has decided, in production only the first time', async () => {
      const { promptActivations: pointers } = scene().store;
      const tenantId = await registered('a', 'b', 'c');
      expect(await pointers.followFolder(tenantId, 'sandbox', 'a')).toBe('activated');
      expect(await pointers.followFolder(tenantId, 'sandbox', 'a')).toBe('unchanged');
      expect(await pointers.followFolder(tenantId, 'sandbox', 'b')).toBe('activated');
      await pointers.choose(tenantId, 'sandbox', 'a', why);
      expect(await pointers.followFolder(tenantId, 'sandbox', 'c')).toBe('waiting');
      expect(await pointers.followFolder(tenantId, 'production', 'a')).toBe('activated');
      expect(await pointers.followFolder(tenantId, 'production', 'b')).toBe('waiting');
      expect(await pointers.active(tenantId, 'production')).toMatchObject({ hash: 'a', actor: 'system' });
    });
  });

  describe('an experiment', () => {
    const pair = { challenger: 'b', percent: 30 };

    it('runs alone, against what is active, until it is stopped', async () => {
      const { promptActivations, promptExperiments } = scene().store;
      const tenantId = await registered('a', 'b');
      const start = () => promptExperiments.start(tenantId, 'production', pair, why);
      await expect(start(), 'nothing to compare with').rejects.toThrow(Conflict);
      await promptActivations.choose(tenantId, 'production', 'a', why);
      const begun = await start();
      expect(begun).toMatchObject({ control: 'a', ...pair, startedBy: 'user-1', stoppedAtMs: null });
      await expect(start()).rejects.toThrow(Conflict);
      expect(await promptExperiments.running(tenantId, 'production')).toEqual(begun);
      expect(await promptExperiments.running(tenantId, 'sandbox')).toBeUndefined();
      const stop = () => promptExperiments.stop(tenantId, 'production', begun.experimentId, why);
      expect(await stop()).toMatchObject({ stoppedBy: 'user-1', stopReason: 'because' });
      await expect(stop()).rejects.toThrow(Conflict);
      await expect(start()).resolves.toMatchObject({ control: 'a' });
    });

    it('ends when the pointer moves, and keeps files from moving it', async () => {
      const { promptActivations, promptExperiments } = scene().store;
      const tenantId = await registered('a', 'b', 'c');
      await promptActivations.followFolder(tenantId, 'sandbox', 'a');
      await promptExperiments.start(tenantId, 'sandbox', pair, why);
      expect(await promptActivations.followFolder(tenantId, 'sandbox', 'c')).toBe('waiting');
      await promptActivations.choose(tenantId, 'sandbox', 'c', why);
      expect(await promptExperiments.running(tenantId, 'sandbox')).toBeUndefined();
    });
  });

  it('statistics count each bundle for what it did itself, to the last pico-dollar', async () => {
    const { conversations, modelSteps, promptStatistics } = scene().store;
    const tenantId = await registered('a', 'b');
    const began = scene().clock.now;
    const step = {
      tenantId,
      attempt: 1,
      model: 'claude-sonnet-5-5',
      backend: 'api',
      requestId: null,
      usage: {},
      priceVersion: '2026-11-23',
      weightedTokens: 10,
      inputTokens: 100,
      outputTokens: 20,
      stopReason: 'end_turn',
      latencyMs: 5,
      outcome: 'answered',
    } as const;
    for (const id of ['c1', 'c2', 'c3']) {
      await conversations.create({
        tenantId,
        environment: id === 'c3' ? 'production' : 'sandbox',
        conversationId: id,
        channel: 'chat',
        language: 'en',
        isTest: false,
        callerNumberHash: null,
      });
    }
    await conversations.update(tenantId, 'c1', { promptBundle: 'a', outcome: 'booked' });
    await conversations.update(tenantId, 'c2', { promptBundle: 'b' });
    await conversations.update(tenantId, 'c3', { promptBundle: 'a' });
    const record = (conversationId: string, turn: number, at: string, rest: object) =>
      modelSteps.record({
        ...step,
        conversationId,
        turn,
        stepId: at,
        promptBundle: 'a',
        costPicoUsd: 9_007_199_254_740_993n,
        ...rest,
      });
    await record('c1', 1, 't1.s1', {});
    await record('c1', 1, 't1.s2', { costPicoUsd: null });
    await record('c1', 2, 't2.s1', { outcome: 'failed', costPicoUsd: null, inputTokens: null });
    await record('c2', 1, 't1.s1', {});
    await record('c2', 2, 't2.s1', { promptBundle: 'b', costPicoUsd: 0n });
    await record('c3', 1, 't1.s1', {});
    expect(await promptStatistics.byBundle(tenantId, 'sandbox', began)).toEqual([
      {
        hash: 'a',
        conversations: 1,
        outcomes: { booked: 1 },
        turns: 3,
        modelCalls: 4,
        unansweredCalls: 1,
        unpricedCalls: 1,
        costPicoUsd: 18_014_398_509_481_986n,
        inputTokens: 300,
        outputTokens: 80,
        weightedTokens: 40,
      },
      expect.objectContaining({ hash: 'b', conversations: 1, turns: 1, modelCalls: 1, costPicoUsd: 0n }),
    ]);
    expect(await promptStatistics.byBundle(tenantId, 'sandbox', began + 1)).toEqual([]);
  });
});
