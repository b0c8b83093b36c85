import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeScene, sampleTenant, type ClaudeScene } from '../../test/kit/claude-scene.js';
import type { OpenConversationInput } from './conversation-opening.js';

let scene: ClaudeScene;
beforeEach(async () => {
  scene = await claudeScene('http://127.0.0.1:9');
});
afterEach(() => scene.close());

async function conversation(conversationId: string): Promise<OpenConversationInput> {
  const start = {
    tenantId: 'sample-ortho',
    environment: 'sandbox',
    conversationId,
    channel: 'chat',
    language: 'en',
  } as const;
  await scene.store.conversations.create({ ...start, isTest: true, callerNumberHash: null });
  return start;
}

const open = (input: OpenConversationInput, activities = scene.activities) =>
  scene.run(activities.openConversation, input);

describe('openConversation', () => {
  it('builds the bundle from the files of the tenant, activates it and pins the conversation to it', async () => {
    const { promptBundle } = await open(await conversation('c1'));
    expect(await scene.store.promptActivations.active('sample-ortho', 'sandbox')).toMatchObject({
      hash: promptBundle,
      actor: 'system',
      kind: 'folder',
    });
    expect(await scene.store.promptBundles.get('sample-ortho', promptBundle)).toMatchObject({
      bundle: { model: 'claude-sonnet-5-5' },
    });
    expect(await scene.store.conversations.get('sample-ortho', 'sandbox', 'c1')).toMatchObject({
      promptBundle,
    });
  });

  it('gives new conversations the changed files, and running ones what they have', async () => {
    const first = await conversation('c1');
    const before = await open(first);
    scene.files.system += 'Be kind.\n';
    const after = await open(await conversation('c2'));
    expect(after.promptBundle).not.toBe(before.promptBundle);
    expect((await open(first)).promptBundle).toBe(before.promptBundle);
  });

  it('leaves the bundle alone that a person has activated', async () => {
    const { promptBundle } = await open(await conversation('c1'));
    await scene.store.promptActivations.choose('sample-ortho', 'sandbox', promptBundle, {
      actor: 'user-1',
      reason: 'it works',
    });
    scene.files.system += 'Be kind.\n';
    expect((await open(await conversation('c2'))).promptBundle).toBe(promptBundle);
  });

  it('gives the facts of the practice without identifiers of the practice system', async () => {
    const { practice } = await open(await conversation('c1'));
    expect(practice).toMatchObject({ practiceName: 'Sample Orthodontics', timeZone: 'America/Chicago' });
    expect(practice.facts.join('\n')).toContain('9:30 AM');
    expect(JSON.stringify(practice)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('serves no tenant that is unknown, switched off or without a model', async () => {
    const input = await conversation('c1');
    await expect(open({ ...input, tenantId: 'other' })).rejects.toMatchObject({ type: 'TenantForbidden' });
    await expect(open({ ...input, environment: 'production' })).rejects.toMatchObject({
      type: 'IntegrationNotConfigured',
    });
    const inactive = scene.with({ tenant: { ...sampleTenant, active: false } });
    await expect(open(input, inactive)).rejects.toMatchObject({ type: 'TenantInactive' });
  });

  it('opens no conversation of another tenant or environment', async () => {
    await expect(open({ ...(await conversation('c1')), conversationId: 'c9' })).rejects.toMatchObject({
      type: 'ConversationNotFound',
    });
  });
});
