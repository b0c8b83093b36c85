import { expect, it } from 'vitest';
import type { AlertOperator, AlertRule } from './alert-rule.js';
import { importLagMinutes, usualLagLimitMinutes, windowEndMs } from './import-progress.js';
import { nextLookMs, stepOf, verdictOf, type Measured, type Verdict } from './judge.js';

const minute = 60_000;
const now = Date.UTC(2030, 2, 4, 12);
const rule = { operator: 'above', minSample: 20, cooldownMinutes: 60 } as const;
const seen = (figure: number | null, sample = 20, threshold = 10): Measured => ({
  figure,
  sample,
  threshold,
  fromMs: now - 60 * minute,
  toMs: now,
});
const nobody = { unresolved: false, resolvedAtMs: null };

it('compares in the four ways that a rule may ask for', () => {
  const at = (operator: AlertOperator) =>
    [9, 10, 11].map((figure) => verdictOf({ ...rule, operator }, seen(figure)) === 'breached');
  expect(at('above')).toEqual([false, false, true]);
  expect(at('atLeast')).toEqual([false, true, true]);
  expect(at('below')).toEqual([true, false, false]);
  expect(at('atMost')).toEqual([true, true, false]);
});

it('says nothing about fewer than the rule wants, and about what is switched off', () => {
  expect(verdictOf(rule, seen(99, 19))).toBe('tooFew');
  expect(verdictOf(rule, seen(null, 30))).toBe('tooFew');
  expect(verdictOf(rule, null)).toBe('off');
});

it('opens once, keeps what is open, and ends it when the condition is gone', () => {
  const step = (verdict: Verdict, unresolved: boolean) =>
    stepOf(rule, verdict, { ...nobody, unresolved }, now);
  expect((['breached', 'fine', 'tooFew', 'off'] as const).map((verdict) => step(verdict, false))).toEqual([
    'open',
    'nothing',
    'nothing',
    'nothing',
  ]);
  // A quiet hour is no recovery.
  expect((['breached', 'fine', 'tooFew', 'off'] as const).map((verdict) => step(verdict, true))).toEqual([
    'keep',
    'resolve',
    'keep',
    'resolve',
  ]);
});

it('opens nothing new until the cooldown after the last end has passed', () => {
  const after = (minutes: number) =>
    stepOf(rule, 'breached', { unresolved: false, resolvedAtMs: now - minutes * minute }, now);
  expect([after(0), after(59), after(60)]).toEqual(['cooling', 'cooling', 'open']);
});

it('looks by itself at the moment at which a lag passes its threshold, and at which a cooldown ends', () => {
  const lag: Pick<AlertRule, 'subject' | 'cooldownMinutes'> = {
    subject: { metric: 'importLagMinutes', configId: 'c' },
    cooldownMinutes: 60,
  };
  expect(nextLookMs(lag, seen(25, 1, 65), 'nothing', nobody, now)).toBe(40 * minute);
  // At the threshold itself, again a moment later.
  expect(nextLookMs(lag, seen(65, 1, 65), 'nothing', nobody, now)).toBe(1_000);
  expect(nextLookMs(lag, seen(25, 1, 900), 'nothing', nobody, now)).toBe(60 * minute);
  const cooling = { unresolved: false, resolvedAtMs: now - 50 * minute };
  expect(nextLookMs(lag, seen(99, 1, 65), 'cooling', cooling, now)).toBe(10 * minute);
  const cost = { ...lag, subject: { metric: 'costUsd' } } as const;
  expect(nextLookMs(cost, seen(1), 'nothing', nobody, now)).toBe(60 * minute);
});

it('counts a lag from the watermark, and for a new configuration from its beginning', () => {
  const old = { watermarkMs: now - 90 * minute, createdAtMs: 0 };
  expect(importLagMinutes(old, now)).toBe(90);
  expect(importLagMinutes({ watermarkMs: 0, createdAtMs: now - 5 * minute }, now)).toBe(5);
});

it('allows two missed runs, and half an hour to those that run often', () => {
  const every = (minutes: number) =>
    usualLagLimitMinutes({ everyMs: minutes * minute, settleMs: 20 * minute });
  expect([every(15), every(1), every(60)]).toEqual([65, 50, 200]);
});

it('ends a window where all imports have been, but does not wait for a broken one', () => {
  expect(windowEndMs([now, now - 10 * minute])).toBe(now - 10 * minute);
  expect(windowEndMs([now, now - 10 * minute, now - 300 * minute])).toBe(now - 10 * minute);
  expect(windowEndMs([])).toBeNull();
});
