import { inspect } from 'node:util';
import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  activityEnvironment,
  claudeScene,
  inventedKey,
  sampleTenant,
  type ClaudeScene,
} from '../../test/kit/claude-scene.js';
import {
  bytes,
  json,
  message,
  messageBody,
  stall,
  startRawMessagesApi,
  usageOf,
  type RawMessagesApi,
} from '../../test/kit/raw-messages-api.js';
import type { ModelStepInput } from './model-step-contract.js';

let api: RawMessagesApi;
let scene: ClaudeScene;
let promptBundle: string;
beforeEach(async () => {
  api = await startRawMessagesApi();
  scene = await claudeScene(api.url);
  const start = {
    tenantId: 'sample-ortho',
    environment: 'sandbox',
    conversationId: 'c1',
    channel: 'chat',
    language: 'en',
  } as const;
  await scene.store.conversations.create({ ...start, isTest: true, callerNumberHash: null });
  ({ promptBundle } = await scene.run(scene.activities.openConversation, start));
});
afterEach(async () => {
  await scene.close();
  await api.close();
});

const callerWords = 'My daughter Ann Sample needs braces';
const stepOf = (stepId: string, change: Partial<ModelStepInput> = {}): ModelStepInput => ({
  tenantId: 'sample-ortho',
  environment: 'sandbox',
  conversationId: 'c1',
  channel: 'chat',
  language: 'en',
  promptBundle,
  turn: 1,
  step: 1,
  stepId,
  callerMessages: [],
  toolResults: [],
  notices: [],
  supersedes: null,
  supersedeReason: null,
  maxTokensFactor: 1,
  ...change,
});
const says = (text: string, messageId = `m-${text.length}`) => ({ callerMessages: [{ messageId, text }] });
const step = (input: ModelStepInput, attempt?: number) =>
  scene.run(scene.activities.modelStep, input, attempt);

const answer = (say: string) => [
  { type: 'text', text: JSON.stringify({ claims: [], needs_human: false, language: 'en', say }) },
];
const toolUse = (id: string) => [
  { type: 'thinking', thinking: '', signature: 'c2ln' },
  { type: 'tool_use', id, name: 'list_my_appointments', input: {}, caller: { type: 'direct' } },
];

interface WireMessage {
  readonly role: string;
  readonly content: readonly Record<string, unknown>[];
}
const sent = (index: number): readonly WireMessage[] =>
  api.requests.at(index)?.body['messages'] as readonly WireMessage[];
const transcript = () => scene.store.transcript.load('sample-ortho', 'c1');

describe('a model step', () => {
  it('tells the model where and when it is in the first user block, then what the caller said', async () => {
    api.answers(message(answer('Hello')));
    const result = await step(stepOf('t1.s1', says(callerWords)));
    expect(result).toMatchObject({ kind: 'final', entryId: 't1.s1.model', answer: { say: 'Hello' } });
    const [first] = sent(0);
    expect(first?.content).toHaveLength(2);
    const context = String(first?.content[0]?.['text']);
    expect(context).toMatch(/^\[context\] \{/);
    expect(JSON.parse(context.slice('[context] '.length))).toMatchObject({
      now: { date: '2026-11-24', time: '09:05', weekday: 'Tuesday' },
      practice: { name: 'Sample Orthodontics' },
      channel: 'chat',
    });
    expect(context).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(first?.content[1]).toEqual({ type: 'text', text: callerWords });
  });

  it('tells the model the texts of the language of the conversation', async () => {
    scene.files.languages = { es: { system: 'Usted es una recepcionista inventada.' } };
    const c2 = { tenantId: 'sample-ortho', environment: 'sandbox', conversationId: 'c2' } as const;
    const start = { ...c2, channel: 'chat', language: 'es' } as const;
    await scene.store.conversations.create({ ...start, isTest: true, callerNumberHash: null });
    const opened = await scene.run(scene.activities.openConversation, start);
    for (const language of ['es', 'en'] as const) {
      api.answers(message(answer('Hola.')));
      const { promptBundle: pinned } = opened;
      await step(
        stepOf(`t1.${language}`, { ...start, language, promptBundle: pinned, ...says('Hola', language) }),
      );
    }
    const [first, second] = api.requests.map(({ body }) => JSON.stringify(body['system']));
    expect(first).toMatch(/recepcionista inventada.*El consultorio/);
    expect(second).toMatch(/invented receptionist.*The practice/);
  });

  it('is not paid twice when it is repeated after its answer was stored', async () => {
    api.answers(message(answer('Hello'), 'end_turn', usageOf(1_000, 100)));
    const input = stepOf('t1.s1', says(callerWords));
    const first = await step(input, 1);
    const again = await step(input, 2);
    expect(again).toEqual(first);
    expect(api.requests).toHaveLength(1);
  });

  it('writes the words of the caller once when the model fails the first time', async () => {
    api.answers(json(529, { type: 'error', error: { type: 'overloaded_error' } }), message(answer('Hello')));
    const input = stepOf('t1.s1', says(callerWords));
    await expect(step(input, 1)).rejects.toMatchObject({ type: 'LlmRetry', nonRetryable: false });
    scene.clock.now += 60_000;
    await step(input, 2);
    expect(sent(1)).toEqual(sent(0));
    expect((await transcript()).map((entry) => entry.entryId)).toEqual(['t1.s1.caller', 't1.s1.model']);
  });

  it('sends every earlier message unchanged before the new one', async () => {
    api.answers(message(toolUse('toolu_1'), 'tool_use'), message(answer('None')));
    await step(stepOf('t1.s1', says(callerWords)));
    const results = [
      { toolUseId: 'toolu_1', content: '{"ok":true,"data":{"appointments":[]}}', isError: false },
    ];
    await step(stepOf('t1.s2', { step: 2, toolResults: results, ...says('Hurry', 'm2') }));
    expect(sent(1).slice(0, 1)).toEqual(sent(0));
    expect(sent(1)[1]).toEqual({ role: 'assistant', content: toolUse('toolu_1') });
    expect(sent(1)[2]?.content).toEqual([
      {
        type: 'tool_result',
        tool_use_id: 'toolu_1',
        content: '{"ok":true,"data":{"appointments":[]}}',
        is_error: false,
      },
      { type: 'text', text: 'Hurry' },
    ]);
  });

  it('answers a tool call as not executed when the caller spoke again', async () => {
    api.answers(message(toolUse('toolu_1'), 'tool_use'), message(answer('Fine')));
    await step(stepOf('t1.s1', says(callerWords)));
    await step(
      stepOf('t1.s2', {
        ...says('No, wait', 'm2'),
        supersedes: 't1.s1.model',
        supersedeReason: 'the caller spoke again',
      }),
    );
    expect(sent(1)[2]?.content[0]).toMatchObject({
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      is_error: true,
    });
    expect(sent(1)[2]?.content[1]).toEqual({ type: 'text', text: 'No, wait' });
    const overtaken = await scene.store.transcript.get('sample-ortho', 'c1', 't1.s1.model');
    expect(overtaken).toMatchObject({ delivered: false, undeliveredReason: 'the caller spoke again' });
  });

  it('tells the date when it has changed since the last entry', async () => {
    api.answers(message(answer('Hello')));
    await step(stepOf('t1.s1', says('Hi', 'm1')));
    scene.clock.now += 24 * 3_600_000;
    await step(
      stepOf('t2.s1', { ...says('Me again', 'm2'), notices: ['The caller heard instead: "Sorry"'] }),
    );
    expect(sent(1)[2]?.content.map((block) => block['text'])).toEqual([
      '[notice] It is now Wednesday, 2026-11-25, 09:05.',
      '[notice] The caller heard instead: "Sorry"',
      'Me again',
    ]);
  });

  it('offered the input of a cancelled step again, writes only what is new', async () => {
    api.answers(json(529, { type: 'error', error: { type: 'overloaded_error' } }), message(answer('Hello')));
    const first = { messageId: 'm1', text: 'At nine' };
    const notices = ['Something happened.'];
    await expect(step(stepOf('t1.s1', { callerMessages: [first], notices }))).rejects.toThrow();
    await step(
      stepOf('t1.s2', {
        callerMessages: [first, { messageId: 'm2', text: 'No, at ten' }],
        notices,
        supersedes: 't1.s1.model',
        supersedeReason: 'the caller spoke again',
      }),
    );
    expect(sent(1).map(({ role }) => role)).toEqual(['user', 'user']);
    expect(sent(1)[1]?.content).toEqual([{ type: 'text', text: 'No, at ten' }]);
  });

  it('repeats a cut-off answer with more room and without writing anything', async () => {
    api.answers(message(toolUse('toolu_cut'), 'max_tokens'), message(answer('Hello')));
    const words = says(callerWords);
    expect(await step(stepOf('t1.s1', words))).toMatchObject({ kind: 'truncated' });
    expect(await step(stepOf('t1.s2', { ...words, maxTokensFactor: 2 }))).toMatchObject({ kind: 'final' });
    expect(sent(1)).toEqual(sent(0));
    expect(api.requests.map(({ body }) => body['max_tokens'])).toEqual([800, 1_600]);
  });

  it.each([
    ['refused', message([{ type: 'text', text: 'I cannot' }], 'refusal'), { kind: 'refused' }],
    ['empty', message([]), { kind: 'empty' }],
    ['too long', message([], 'model_context_window_exceeded'), { kind: 'contextExceeded' }],
  ])(
    'leaves nothing in the transcript and counts the cost when the answer is %s',
    async (_what, reply, expected) => {
      api.answers(reply);
      const result = await step(stepOf('t1.s1', says(callerWords)));
      expect(result).toMatchObject(expected);
      expect(result.costPicoUsd).toBeGreaterThan(0);
      expect((await transcript()).map((entry) => entry.role)).toEqual(['caller']);
    },
  );

  it('keeps an answer that is not the agreed JSON, and says so', async () => {
    api.answers(message([{ type: 'text', text: 'You are booked!' }]));
    expect(await step(stepOf('t1.s1', says(callerWords)))).toMatchObject({ kind: 'final', answer: null });
    expect(await transcript()).toHaveLength(2);
  });

  it('ends for good on a stop reason that it does not know', async () => {
    api.answers(message(answer('Hello'), 'pause_turn'));
    await expect(step(stepOf('t1.s1', says(callerWords)))).rejects.toMatchObject({
      type: 'LlmMalformed',
      nonRetryable: true,
    });
  });

  it('drops the answer of a step that the conversation has left behind', async () => {
    api.answers(stall);
    const left = step(stepOf('t1.s1', says(callerWords)));
    const failed = expect(left).rejects.toMatchObject({ type: 'LlmBug' });
    await api.arrived();
    await scene.store.transcript.appendSpoken({
      tenantId: 'sample-ortho',
      conversationId: 'c1',
      entryId: 't1.spoken',
      text: 'Sorry',
      promptBundle,
    });
    api.release(messageBody(answer('Too late')));
    await failed;
    expect((await transcript()).map((entry) => entry.entryId)).toEqual(['t1.s1.caller', 't1.spoken']);
  });

  it('acts on the answer that is in the transcript when two executions of one step race', async () => {
    api.answers(stall, message(answer('The faster one')));
    const input = stepOf('t1.s1', says(callerWords));
    const slow = step(input, 1);
    await api.arrived();
    await step(input, 2);
    api.release(messageBody(answer('The slower one')));
    expect(await slow).toMatchObject({ kind: 'final', answer: { say: 'The faster one' } });
    expect(await transcript()).toHaveLength(2);
  });

  it('lets go of a stalled answer at once when the workflow cancels, and records a cost that nobody knows', async () => {
    api.answers(stall);
    const environment = activityEnvironment();
    const running = environment.run(scene.activities.modelStep, stepOf('t1.s1', says(callerWords)));
    const cancelled = expect(running).rejects.toBeInstanceOf(CancelledFailure);
    await api.arrived();
    const asked = Date.now();
    environment.cancel();
    await cancelled;
    await api.abandoned();
    expect(Date.now() - asked).toBeLessThan(1_000);
    expect(await scene.store.modelSteps.list('sample-ortho', 'c1')).toMatchObject([
      { outcome: 'aborted', usage: null, costPicoUsd: null },
    ]);
  });

  it('gives up a stalled answer at its own deadline and may be repeated', async () => {
    api.answers(stall);
    const hurried = scene.with({ stepTimeoutMs: 200 });
    await expect(scene.run(hurried.modelStep, stepOf('t1.s1', says(callerWords)))).rejects.toMatchObject({
      type: 'LlmRetry',
      nonRetryable: false,
    });
  });

  it('tells Temporal that it lives while the model thinks', async () => {
    api.answers(stall);
    const environment = activityEnvironment();
    const beat = new Promise((resolve) => environment.once('heartbeat', resolve));
    const running = environment.run(scene.activities.modelStep, stepOf('t1.s1', says(callerWords)));
    const cancelled = expect(running).rejects.toBeInstanceOf(CancelledFailure);
    await beat;
    environment.cancel();
    await cancelled;
  });

  it('records usage, price and bundle of each call', async () => {
    api.answers(message(answer('Hello'), 'end_turn', usageOf(1_000, 100)));
    const result = await step(stepOf('t1.s1', says(callerWords)));
    // 1,000 in at 2 USD and 100 out at 10 USD per million tokens (claude.md 1.10) = 0.003 USD.
    expect(result).toMatchObject({ costPicoUsd: 3e9, model: 'claude-sonnet-5-5' });
    expect(await scene.store.modelSteps.list('sample-ortho', 'c1')).toMatchObject([
      {
        stepId: 't1.s1',
        attempt: 1,
        promptBundle,
        outcome: 'answered',
        costPicoUsd: 3_000_000_000n,
        requestId: 'req_invented',
      },
    ]);
  });

  it('serves no foreign tenant, and no bundle that the store lacks', async () => {
    await expect(step(stepOf('t1.s1', { tenantId: 'other' }))).rejects.toMatchObject({
      type: 'TenantForbidden',
    });
    await expect(step(stepOf('t1.s1', { promptBundle: 'f'.repeat(64) }))).rejects.toMatchObject({
      type: 'PromptBundleMissing',
    });
    const inactive = scene.with({ tenant: { ...sampleTenant, active: false } });
    await expect(scene.run(inactive.modelStep, stepOf('t1.s1'))).rejects.toMatchObject({
      type: 'TenantInactive',
    });
    expect(api.requests).toHaveLength(0);
  });

  it('does not call the model when there is nothing to answer', async () => {
    api.answers(message(answer('Hello')));
    await step(stepOf('t1.s1', says(callerWords)));
    await expect(step(stepOf('t1.s2'))).rejects.toMatchObject({ type: 'LlmBug' });
    expect(api.requests).toHaveLength(1);
  });

  it('puts no key and no word of a caller into failures, logs or the name that the provider sees', async () => {
    const echo = {
      type: 'error',
      error: { type: 'invalid_request_error', message: `${callerWords} ${inventedKey}` },
    };
    api.answers(json(400, echo), bytes(`<p>${callerWords}</p>`, 'text/html'), message(answer('Hello')));
    const input = stepOf('t1.s1', says(callerWords));
    const failures = [
      await step(input, 1).catch(String),
      await step(input, 2).catch((error: unknown) => inspect(error, { depth: 9 })),
    ];
    await step(input, 3);
    const out = inspect([failures, scene.logged], { depth: 9 });
    expect(scene.logged.length).toBeGreaterThanOrEqual(3);
    expect(out).not.toContain('Ann Sample');
    expect(out).not.toContain(inventedKey);
    expect(JSON.stringify(api.requests[0]?.body['metadata'])).not.toContain('c1');
  });
});
