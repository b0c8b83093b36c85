import { beforeAll, expect, it, vi } from 'vitest';
import { serveLangfuse } from '../../simulators/langfuse/testing/served-langfuse.js';
import { conversationWorkflowId, traceSubmissionScheduleId } from '../../workflows/ids.js';
import { openDesk } from '../kit/desk.js';
import { decryptedTexts, keepHistory } from '../kit/recorded-histories.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
});

const eventsOf = async (conversationId: string): Promise<number> =>
  (await stack.client.workflow.getHandle(conversationWorkflowId('bright-smiles', conversationId)).describe())
    .historyLength;

it('lets no caller wait, nor spends an event, while Langfuse hangs; a worker that dies there leaves every trace once', async () => {
  const langfuse = await serveLangfuse();
  try {
    const desk = await openDesk(stack);
    const created = await desk.call('POST', '/api/langfuse-configs', {
      name: 'own',
      host: langfuse.simulator.url,
      publicKey: 'pk-lf-proj1',
      secretKey: 'sk-lf-proj1',
      active: false,
      submit: { enabled: true },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { scheduled: true, config: { submit: { enabled: true, mask: 'all' } } },
    });
    const { configId } = created.body['config'] as { configId: string };
    expect(
      await desk.call('PATCH', `/api/langfuse-configs/${configId}`, {
        submit: { enabled: true, mask: 'none' },
      }),
    ).toMatchObject({ status: 200, body: { scheduled: true, config: { submit: { mask: 'none' } } } });
    const submission = async () =>
      (await desk.call('GET', `/api/langfuse-configs/${configId}`)).body['submit'] as {
        events: { pending: number; submitted: number };
        lastRun: { outcome: string } | null;
      };
    const first = await stack.caller();
    await first.say('Good morning, this is about braces');
    await first.say('For my daughter');
    await first.end();
    // The request is carried out, and its answer never comes.
    await langfuse.order('POST', '/faults', { kind: 'hang', path: '/ingestion', afterCommit: true });
    await vi.waitUntil(async () => (await submission()).lastRun !== null, { timeout: 20_000, interval: 200 });
    const schedule = stack.client.schedule.getHandle(traceSubmissionScheduleId('bright-smiles', configId));
    // A run that has noted its end may still be closing; none is started beside it.
    await vi.waitUntil(async () => (await schedule.describe()).info.runningActions.length === 0, {
      timeout: 20_000,
      interval: 100,
    });
    await schedule.trigger('SKIP');
    await vi.waitUntil(
      async () =>
        (
          (await langfuse.order('GET', '/requests?path=/ingestion')) as { requests: { fault: string }[] }
        ).requests.some(({ fault }) => fault === 'hang'),
      { timeout: 20_000, interval: 100 },
    );
    const second = await stack.caller();
    await second.say('Hello');
    const before = await eventsOf(second.conversationId);
    const askedAtMs = Date.now();
    await second.say('Are you open today?');
    expect(Date.now() - askedAtMs).toBeLessThan(10_000);
    expect((await eventsOf(second.conversationId)) - before).toBeLessThanOrEqual(11);
    expect((await submission()).events).toMatchObject({ pending: 5, submitted: 0 });

    await stack.worker.kill();
    await stack.worker.start();
    await vi.waitUntil(async () => (await submission()).events.pending === 0, {
      timeout: 60_000,
      interval: 200,
    });
    // With the first turn of the second caller, which has ended meanwhile.
    expect(await submission()).toMatchObject({ events: { submitted: 7 } });
    expect(await langfuse.order('GET', '/truth')).toMatchObject({
      traces: 3,
      sessions: 2,
      observations: 6,
      v2: { rows: 9, synthetic: 3 },
    });
    const list = `/api/langfuse-configs/${configId}/submissions?state=submitted`;
    const { events } = (await desk.call('GET', list)).body as { events: readonly object[] };
    expect(events).toHaveLength(7);
    expect(events[0]).toMatchObject({ way: 'ingestion', reason: null });
    const river = await openDesk(stack, 'river-ortho');
    expect(await river.call('GET', list)).toMatchObject({ status: 404 });
    const runs: { workflowId: string; runId: string; events: number }[] = [];
    for await (const run of stack.client.workflow.list({ query: "WorkflowType = 'traceSubmission'" })) {
      const history = await stack.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      runs.push({ ...run, events: history.events?.length ?? 0 });
      const text = JSON.stringify(await decryptedTexts(history));
      for (const word of ['braces', 'daughter', 'help you', 'sk-lf']) expect(text).not.toContain(word);
    }
    // The one that asked the server what it can do, and went on with another worker.
    const longest = runs.sort((a, b) => b.events - a.events)[0]!;
    await keepHistory(stack.client, 'traceSubmission', 'probed-then-worker-died', longest);
  } finally {
    await langfuse.simulator.close();
  }
});
