import { describe, expect, it } from 'vitest';
import { countChanges, countsOfSession, countsOfTrace } from './daily-counts.js';
import { sessionFactsOf } from './session-facts.js';
import { traceFactsOf, type StatisticObservation, type StatisticTrace } from './trace-facts.js';

const observation = (change: Partial<StatisticObservation>): StatisticObservation => ({
  observationId: 'o',
  type: 'SPAN',
  name: null,
  level: 'DEFAULT',
  statusMessage: null,
  startedAtMs: 0,
  endedAtMs: null,
  completionStartedAtMs: null,
  model: null,
  modelParameters: {},
  usage: {},
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  costPicoUsd: null,
  synthetic: false,
  output: null,
  metadata: {},
  projectModels: [],
  ...change,
});

const trace = (change: Partial<StatisticTrace>): StatisticTrace => ({
  traceId: 't',
  startedAtMs: 0,
  name: 'turn',
  release: null,
  sessionId: null,
  userId: null,
  environment: null,
  tags: [],
  observations: [],
  ...change,
});

const generation = observation({
  observationId: 'g',
  type: 'GENERATION',
  name: 'model step',
  startedAtMs: 100,
  completionStartedAtMs: 600,
  endedAtMs: 5_100,
  model: 'gpt-4o',
  usage: { input: 100, output: 20, input_cached_tokens: 40, total: 160 },
  inputTokens: 140,
  outputTokens: 20,
  totalTokens: 160,
  costPicoUsd: 500_000_000,
});

describe('facts of a trace', () => {
  it('are the recorded figures: latency, time to first token, tokens, cost, and the late error', () => {
    const before = traceFactsOf(
      trace({ observations: [{ ...generation, endedAtMs: 100, completionStartedAtMs: null }] }),
    );
    expect(before).toMatchObject({
      latencyMs: 0,
      total: { costPicoUsd: 500_000_000n, errors: 0, recomputed: 1, disagreeing: 0 },
    });
    const late = observation({
      observationId: 'late',
      level: 'ERROR',
      startedAtMs: 9_007,
      endedAtMs: 10_007,
      statusMessage: 'late',
    });
    const after = traceFactsOf(
      trace({ observations: [{ ...generation, endedAtMs: 100, completionStartedAtMs: null }, late] }),
    );
    expect(after).toMatchObject({
      latencyMs: 9_907,
      errors: { 'SPAN: late': 1 },
      total: { costPicoUsd: 500_000_000n, errors: 1 },
    });
    expect(traceFactsOf(trace({ observations: [generation] }))).toMatchObject({
      latencyMs: 5_000,
      firstTokenMs: [500],
      total: { inputTokens: 140, outputTokens: 20, totalTokens: 160 },
      tokensByKind: { input: 100, input_cached_tokens: 40 },
    });
  });

  it('leave out what the server invented, and what is still open from latencies', () => {
    const invented = observation({ observationId: 't-t', startedAtMs: -50_000, synthetic: true });
    const open = observation({ observationId: 'open', startedAtMs: 200 });
    const facts = traceFactsOf(trace({ observations: [invented, generation, open] }));
    expect(facts).toMatchObject({ observations: 2, openObservations: 1, latencyMs: 5_000, startedAtMs: 0 });
    expect(traceFactsOf(trace({ observations: [invented] })).latencyMs).toBeNull();
    expect(traceFactsOf(trace({ observations: [open, { ...open, startedAtMs: 900 }] })).latencyMs).toBe(700);
  });

  it('tell an unknown cost from none, and report what the price table says otherwise', () => {
    const unknown = { ...generation, observationId: 'u', model: 'house-model', costPicoUsd: null };
    const wrong = { ...generation, observationId: 'w', costPicoUsd: 700_000_000 };
    const facts = traceFactsOf(trace({ observations: [generation, unknown, wrong] }));
    expect(facts.total).toMatchObject({
      unpriced: 1,
      recomputed: 2,
      disagreeing: 1,
      costPicoUsd: 1_200_000_000n,
      ourCostPicoUsd: 1_000_000_000n,
    });
    expect(facts.findings.map(({ observationId, kind }) => [observationId, kind])).toEqual([
      ['u', 'unpriced'],
      ['w', 'disagreement'],
    ]);
    const failed = observation({ type: 'GENERATION', model: 'gpt-4o', level: 'ERROR' });
    expect(traceFactsOf(trace({ observations: [failed] })).total.unpriced).toBe(0);
  });

  it('hold for names that objects have by nature', () => {
    const tool = observation({ type: 'TOOL', name: 'constructor', endedAtMs: 5 });
    expect(traceFactsOf(trace({ observations: [tool] })).tools).toMatchObject({ constructor: { count: 1 } });
    expect(traceFactsOf(trace({ observations: [tool] })).outcome.outcome).toBe('unknown');
  });
});

describe('the outcome', () => {
  const tool = (name: string, change: Partial<StatisticObservation> = {}) =>
    observation({ observationId: name, type: 'TOOL', name, ...change });
  const outcome = (...turns: Partial<StatisticTrace>[]) =>
    sessionFactsOf(
      turns.map((turn, index) => traceFactsOf(trace({ traceId: `t${index}`, startedAtMs: index, ...turn }))),
    ).outcome;

  it('is what the agent said, else what a tool did, else a failed end, else unknown; each with its evidence', () => {
    expect(outcome({ tags: ['chat', 'outcome:booked'] }, { observations: [tool('cancel')] })).toEqual({
      outcome: 'booked',
      evidence: { by: 'tag', traceId: 't0', observationId: null },
    });
    expect(outcome({ observations: [tool('confirm_booking')] }, {})).toEqual({
      outcome: 'booked',
      evidence: { by: 'tool', traceId: 't0', observationId: 'confirm_booking' },
    });
    const failing = { observations: [tool('find_slots', { level: 'ERROR' })] };
    expect(outcome({}, failing)).toMatchObject({
      outcome: 'failed',
      evidence: { by: 'error', traceId: 't1' },
    });
    expect(outcome(failing, {})).toMatchObject({ outcome: 'unknown', evidence: { by: 'none' } });
    expect(outcome({ tags: ['outcome:married'] })).toMatchObject({ outcome: 'unknown' });
  });

  it('does not count a call that was refused', () => {
    for (const output of ['{"ok":false}', '{"error":"consent_needed"}'])
      expect(outcome({ observations: [tool('cancel', { output })] }).outcome).toBe('unknown');
    expect(outcome({ observations: [tool('cancel', { level: 'ERROR' })] }).outcome).toBe('failed');
    expect(outcome({ observations: [tool('cancel', { output: '{"ok":true}' })] }).outcome).toBe('cancelled');
  });
});

describe('a session', () => {
  const turn = (startedAtMs: number, lastsMs: number) =>
    traceFactsOf(
      trace({ startedAtMs, observations: [observation({ startedAtMs, endedAtMs: startedAtMs + lastsMs })] }),
    );

  it('sums up its turns, in whatever order they come', () => {
    const turns = [turn(10_000, 4_000), turn(0, 1_000), turn(3_000, 2_000), turn(20_000, 3_000)];
    const facts = sessionFactsOf(turns);
    expect(facts).toMatchObject({
      turns: 4,
      firstAtMs: 0,
      lastAtMs: 23_000,
      durationMs: 23_000,
      activeMs: 10_000,
      longestPauseMs: 6_000,
      latencyP50Ms: 2_500,
    });
    expect(facts.latencyP95Ms).toBeCloseTo(3_850, 9);
    expect(sessionFactsOf([...turns].reverse())).toEqual(facts);
  });
});

describe('daily counts', () => {
  const facts = traceFactsOf(
    trace({ observations: [generation], startedAtMs: Date.parse('2026-11-25T23:59:59Z') }),
  );
  const base = Date.parse('2026-11-25T00:00:00Z');
  const dated = traceFactsOf(
    trace({
      startedAtMs: base,
      observations: [
        { ...generation, startedAtMs: base, endedAtMs: base + 5_004, completionStartedAtMs: null },
      ],
    }),
  );

  it('belong to the UTC day, and change by nothing when the same is counted again', () => {
    expect(countsOfTrace(dated).find(({ view }) => view === 'model')).toMatchObject({
      day: '2026-11-25',
      item: 'gpt-4o',
      tally: { count: 1, costPicoUsd: 500_000_000n },
    });
    expect(
      countsOfTrace(dated).find(({ view, item }) => view === 'latency' && item === 'trace'),
    ).toMatchObject({ bucketMs: 5_000 });
    expect(countChanges(countsOfTrace(facts), countsOfTrace(facts))).toEqual([]);
    const session = countsOfSession(sessionFactsOf([facts]));
    expect(countChanges(session, session)).toEqual([]);
  });

  it('take away what was counted before and add what is so now', () => {
    const worse = { ...dated, total: { ...dated.total, errors: 3 } };
    expect(countChanges(countsOfTrace(dated), countsOfTrace(worse))).toMatchObject([
      { view: 'trace', tally: { count: 0, errors: 1 } },
    ]);
    expect(countChanges(countsOfTrace(dated), []).every(({ tally }) => tally.count === -1)).toBe(true);
  });
});
