import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stat } from 'node:fs/promises';
import { serveLangfuse } from '../../simulators/langfuse/testing/served-langfuse.js';
import { defaultTimings } from '../../workflows/booking-conversation/timings.js';
import { conversationWorkflowId, traceSubmissionScheduleId } from '../../workflows/ids.js';
import { openDesk } from '../kit/desk.js';
import { decryptedTexts } from '../kit/recorded-histories.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
});
afterAll(() => stack.stop());

interface Size {
  readonly runId: string;
  readonly events: number;
  readonly bytes: number;
}

const size = async (conversationId: string): Promise<Size> => {
  const { runId, historyLength, raw } = await stack.client.workflow
    .getHandle(conversationWorkflowId('bright-smiles', conversationId))
    .describe();
  return { runId, events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
};

it('spends at most 11 events on a plain turn, and as many bytes on turn 39 as on turn 5', async () => {
  const caller = await stack.caller();
  const { turnsPerRun } = defaultTimings.chat;
  const sizes: Size[] = [];
  for (let turn = 1; turn <= 40; turn++) {
    await caller.say(`Message number ${String(turn).padStart(2, '0')}`);
    const now = await size(caller.conversationId);
    sizes.push(now);
    // A caller who writes on at once keeps the run from ending, at the price of a timer a turn.
    if (turn === turnsPerRun)
      await vi.waitUntil(async () => (await size(caller.conversationId)).runId !== now.runId, {
        timeout: 20_000,
        interval: 50,
      });
  }
  const cost = (turn: number): { readonly events: number; readonly bytes: number } => {
    const [before, after] = [sizes[turn - 2]!, sizes[turn - 1]!];
    return { events: after.events - before.events, bytes: after.bytes - before.bytes };
  };
  // The last turn of a run is followed by the timer before the next run, and the first one begins its history.
  const plain = Array.from({ length: 38 }, (_, index) => index + 3).filter((turn) => turn % turnsPerRun > 1);
  expect(plain.length).toBeGreaterThan(30);
  for (const turn of plain) expect(cost(turn).events, `turn ${turn}`).toBeLessThanOrEqual(11);
  expect(cost(39).bytes).toBeLessThanOrEqual(cost(5).bytes * 1.05);
});

it('keeps the workflow bundle under 1.8 MB', async () => {
  // Ours has 1.66 MB; what is above is a new workflow, or something that crept in.
  expect((await stat('dist/worker/bundle/workflow-bundle.cjs')).size).toBeLessThan(1_800_000);
});

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
    await stack.client.schedule
      .getHandle(traceSubmissionScheduleId('bright-smiles', configId))
      .trigger('SKIP');
    await vi.waitUntil(
      async () =>
        (
          (await langfuse.order('GET', '/requests?path=/ingestion')) as { requests: { fault: string }[] }
        ).requests.some(({ fault }) => fault === 'hang'),
      { timeout: 20_000, interval: 100 },
    );
    const second = await stack.caller();
    await second.say('Hello');
    const before = await size(second.conversationId);
    const askedAtMs = Date.now();
    await second.say('Are you open today?');
    expect(Date.now() - askedAtMs).toBeLessThan(10_000);
    expect((await size(second.conversationId)).events - before.events).toBeLessThanOrEqual(11);
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
    for await (const run of stack.client.workflow.list({ query: "WorkflowType = 'traceSubmission'" })) {
      const history = await stack.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const text = JSON.stringify(await decryptedTexts(history));
      for (const word of ['braces', 'daughter', 'help you', 'sk-lf']) expect(text).not.toContain(word);
    }
  } finally {
    await langfuse.simulator.close();
  }
});
