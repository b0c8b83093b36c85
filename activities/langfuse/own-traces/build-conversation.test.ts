import { expect, it } from 'vitest';
import type { ConversationRow } from '../../../platform/store/conversations.js';
import type { TranscriptEntry } from '../../../platform/store/transcript.js';
import { sampleTranscriptEntry } from '../../../test/kit/sample-transcript-entry.js';
import { buildConversation } from './build-conversation.js';
import type { OwnObservation, OwnScore } from './own-event.js';
import { toIngestion } from './to-ingestion.js';
import { toSpan } from './to-otlp.js';
import type { RecordedStep } from './turns.js';

const start = Date.UTC(2030, 2, 4, 12);
const minute = 60_000;

const conversation: ConversationRow = {
  tenantId: 'bright-smiles',
  environment: 'sandbox',
  conversationId: 'c-1',
  channel: 'voice',
  language: 'en',
  status: 'open',
  outcome: 'unknown',
  promptBundle: 'bundle',
  turns: 0,
  isTest: false,
  callerNumberHash: 'key.hash',
  createdAtMs: start,
  updatedAtMs: start,
  closedAtMs: null,
  closeReason: null,
};
const closed: ConversationRow = {
  ...conversation,
  status: 'closed',
  outcome: 'booked',
  closedAtMs: start + 9_000,
};

const entry = (entryId: string, atMs: number, more: Partial<TranscriptEntry>): TranscriptEntry =>
  sampleTranscriptEntry({ entryId, seq: atMs, createdAtMs: start + atMs, ...more });

const step = (stepId: string, atMs: number, more: Partial<RecordedStep> = {}): RecordedStep => ({
  tenantId: 'bright-smiles',
  conversationId: 'c-1',
  stepId,
  turn: null,
  attempt: 1,
  promptBundle: 'bundle',
  model: 'claude-x',
  backend: 'api',
  requestId: 'req_1',
  usage: {
    input_tokens: 100,
    output_tokens: 20,
    cache_read_input_tokens: 40,
    cache_creation_input_tokens: 0,
  },
  priceVersion: '2026-08',
  costPicoUsd: 8_625_000_000n,
  weightedTokens: 1,
  inputTokens: 140,
  outputTokens: 20,
  stopReason: 'end_turn',
  latencyMs: 900,
  outcome: 'answered',
  createdAtMs: start + atMs,
  ...more,
});

const call = { type: 'tool_use', id: 'toolu_1', name: 'identify_patient' };
const entries = [
  entry('t1.s1.caller', 0, {
    content: [{ type: 'text', text: 'I am Ana Lopez' }],
    messages: [{ messageId: 'm1', text: 'I am Ana Lopez' }],
  }),
  entry('t1.s1.model', 1_000, {
    role: 'model',
    content: [{ ...call, input: { first_name: 'Ana', last_name: 'Lopez', birth_date: '2014-05-03' } }],
  }),
  entry('t1.s2.caller', 1_700, {
    content: [
      {
        type: 'tool_result',
        tool_use_id: 'toolu_1',
        content: '{"ok":false,"error":{"code":"not_found"}}',
        is_error: true,
      },
    ],
  }),
  entry('t1.s2.model', 3_000, {
    role: 'model',
    content: [{ type: 'text', text: '{"say":"Sorry, Ana."}' }],
    say: 'Sorry, Ana.',
  }),
];
const steps = [step('t1.s1', 1_000), step('t1.s2', 3_000)];
const next = entry('t2.s1.caller', 8_000, { messages: [{ messageId: 'm2', text: 'Yes' }] });

const build = (
  given: Partial<Parameters<typeof buildConversation>[0]> = {},
  how: Partial<Parameters<typeof buildConversation>[1]> = {},
) =>
  buildConversation(
    { conversation, entries, steps, ...given },
    { mask: 'none', fromMs: start, nowMs: start + 10_000, ...how },
  );
const observations = (built: ReturnType<typeof build>) =>
  built.events.filter((event): event is OwnObservation => event.kind !== 'score');

it('makes a turn one trace: itself, a generation per call of the model, and a tool, with exact times and costs', () => {
  const built = build({ conversation: closed });
  const [turn, first, second, tool] = observations(built);
  expect(turn).toMatchObject({
    kind: 'turn',
    parentId: null,
    startMs: start,
    endMs: start + 3_000,
    input: 'I am Ana Lopez',
    output: 'Sorry, Ana.',
    sessionId: 'c-1',
    userId: 'key.hash',
    environment: 'chairside-sandbox',
    metadata: { wordsBy: 'model' },
  });
  expect(first).toMatchObject({
    kind: 'generation',
    parentId: turn!.observationId,
    startMs: start + 100,
    endMs: start + 1_000,
    model: 'claude-x',
    usage: { input: 100, input_cache_read: 40, output: 20, total: 160 },
    costUsd: 0.008625,
  });
  expect(second).toMatchObject({ output: entries[3]!.content });
  expect(tool).toMatchObject({
    kind: 'tool',
    name: 'identify_patient',
    startMs: start + 1_000,
    endMs: start + 1_700,
    level: 'WARNING',
    statusMessage: 'not_found',
  });
  expect(new Set(built.events.map(({ traceId }) => traceId)).size).toBe(1);
  expect(turn!.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(turn!.observationId).toMatch(/^[0-9a-f]{16}$/);
});

it('scores how a closed conversation ended, at its last turn', () => {
  const built = build({ conversation: closed });
  expect(built.events.at(-1)).toMatchObject({
    kind: 'score',
    name: 'outcome',
    value: 'booked',
    traceId: built.events[0]!.traceId,
    atMs: start + 9_000,
  } satisfies Partial<OwnScore>);
  expect(build().events.filter(({ kind }) => kind === 'score')).toEqual([]);
});

it('gives the same bytes over both ways however often it is built, and whenever', () => {
  const bytes = (nowMs: number) =>
    build({ conversation: closed }, { nowMs }).events.map((event) => [
      JSON.stringify(event),
      toIngestion(event),
      event.kind === 'score' ? '' : toSpan(event),
    ]);
  expect(bytes(start + 10_000)).toEqual(bytes(start + 99 * minute));
});

it('lets a turn be until the next one began, the conversation ended, or its answer has stood for a while', () => {
  expect(build()).toMatchObject({ events: [], upToSeq: -1 });
  expect(observations(build({ entries: [...entries, next] }))).toHaveLength(4);
  expect(build({ entries: [...entries, next] }).upToSeq).toBe(7_999);
  expect(observations(build({}, { nowMs: start + 6 * minute }))).toHaveLength(4);
  const unanswered = { entries: entries.slice(0, 3) };
  expect(build(unanswered, { nowMs: start + 60 * minute }).events).toEqual([]);
  const overtaken = entries.map((one) => ({ ...one, delivered: one.say === null }));
  expect(build({ entries: overtaken }, { nowMs: start + 60 * minute }).events).toEqual([]);
});

it('leaves out turns that began before the submission was switched on', () => {
  expect(build({ conversation: closed }, { fromMs: start + 1 }).events).toEqual([]);
});

it('has every paid call of a step, and what failed as an error', () => {
  const twice = [
    step('t1.s1', 600, { outcome: 'failed', usage: null, costPicoUsd: null, latencyMs: 500 }),
    step('t1.s1', 1_000, { attempt: 2 }),
    steps[1]!,
  ];
  const built = observations(build({ conversation: closed, steps: twice }));
  const generations = built.filter(({ kind }) => kind === 'generation');
  expect(generations.map(({ level, usage, costUsd }) => [level, usage === null, costUsd])).toEqual([
    ['ERROR', true, null],
    ['DEFAULT', false, 0.008625],
    ['DEFAULT', false, 0.008625],
  ]);
  expect(new Set(generations.map(({ observationId }) => observationId)).size).toBe(3);
  expect(built[0]).toMatchObject({ level: 'WARNING' });
});

it('says what the caller heard when code spoke instead of the model', () => {
  const spoken = entry('t1.spoken', 3_500, { role: 'spoken', say: 'Booked: nothing.' });
  const replaced = entries.map((one) => (one.say === null ? one : { ...one, delivered: false }));
  const built = observations(build({ conversation: closed, entries: [...replaced, spoken] }));
  expect(built[0]).toMatchObject({ output: 'Booked: nothing.', metadata: { wordsBy: 'code' } });
  expect(built[2]).toMatchObject({ level: 'WARNING', statusMessage: 'not delivered to the caller' });
});

it('lets no text out under the strictest mask, yet all figures', () => {
  const built = build({ conversation: closed }, { mask: 'all' });
  expect(JSON.stringify(built.events)).not.toMatch(/Ana|Lopez|2014|Sorry/);
  expect(observations(built).every((one) => !('input' in one) && !('output' in one))).toBe(true);
  expect(observations(built)[1]).toMatchObject({ costUsd: 0.008625, usage: { total: 160 } });
});

it('masks a name everywhere once a tool was told it, also where it was said before', () => {
  const text = JSON.stringify(build({ conversation: closed }, { mask: 'personal' }).events);
  expect(text).not.toMatch(/Ana|Lopez|2014/);
  expect(text).toContain('I am [personal] [personal]');
  expect(text).toContain('Sorry, [personal].');
});

it('lets no words of fixed questions out where personal data is masked: no tool was told the names', () => {
  const form = [
    entry('t1.kept', 0, { role: 'aside', messages: [{ messageId: 'm1', text: 'Zoe Quimby' }] }),
    entry('t1.spoken', 10, { role: 'spoken', say: 'Thank you, Zoe.' }),
  ];
  const built = build({ conversation: closed, entries: form, steps: [] }, { mask: 'personal' });
  expect(JSON.stringify(built.events)).not.toContain('Zoe');
  expect(observations(build({ conversation: closed, entries: form, steps: [] }))[0]).toMatchObject({
    input: 'Zoe Quimby',
    output: 'Thank you, Zoe.',
  });
});

it('cuts texts that would make an event too large, and keeps its figures', () => {
  const long = 'ä'.repeat(700_000);
  const big = entries.map((one) =>
    one.entryId === 't1.s2.model' ? { ...one, content: [{ type: 'text', text: long }] } : one,
  );
  const built = observations(build({ conversation: closed, entries: big }));
  for (const one of built) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(1_000_000);
  expect(String(built[2]!.output)).toMatch(/\[cut, 14000\d\d bytes\]$/);
  expect(built[2]).toMatchObject({ costUsd: 0.008625 });
});
