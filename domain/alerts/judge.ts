import type { AlertOperator, AlertRule } from './alert-rule.js';
import type { Figure } from './figures.js';

/** What a rule saw when it looked, over [fromMs, toMs). */
export interface Measured extends Figure {
  readonly threshold: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** `off`: what the rule watches is switched off or gone. `tooFew`: the figure stands on less than the rule wants. */
export type Verdict = 'breached' | 'fine' | 'tooFew' | 'off';

export const alertStates = ['open', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

const holds: Readonly<Record<AlertOperator, (figure: number, threshold: number) => boolean>> = {
  above: (figure, threshold) => figure > threshold,
  atLeast: (figure, threshold) => figure >= threshold,
  below: (figure, threshold) => figure < threshold,
  atMost: (figure, threshold) => figure <= threshold,
};

export function verdictOf(
  rule: Pick<AlertRule, 'operator' | 'minSample'>,
  measured: Measured | null,
): Verdict {
  if (measured === null) return 'off';
  const { figure, sample, threshold } = measured;
  if (figure === null || sample < rule.minSample) return 'tooFew';
  return holds[rule.operator](figure, threshold) ? 'breached' : 'fine';
}

/** What stands of a rule's alerts: one that has not ended, and when the latest one ended. */
export interface Standing {
  readonly unresolved: boolean;
  readonly resolvedAtMs: number | null;
}

/** `cooling`: an alert would open, but the latest one ended too short a time ago. */
export type AlertStep = 'open' | 'keep' | 'resolve' | 'cooling' | 'nothing';

/** What a verdict makes of that. Too small a sample changes nothing: a quiet hour is no recovery. */
export function stepOf(
  rule: Pick<AlertRule, 'cooldownMinutes'>,
  verdict: Verdict,
  standing: Standing,
  nowMs: number,
): AlertStep {
  if (standing.unresolved) return verdict === 'fine' || verdict === 'off' ? 'resolve' : 'keep';
  if (verdict !== 'breached') return 'nothing';
  return nowMs < coolUntilMs(rule, standing) ? 'cooling' : 'open';
}

const minute = 60_000;

const coolUntilMs = (
  { cooldownMinutes }: Pick<AlertRule, 'cooldownMinutes'>,
  { resolvedAtMs }: Standing,
): number => (resolvedAtMs === null ? -Infinity : resolvedAtMs + cooldownMinutes * minute);

/** A rule that nobody wakes looks again after this: it may have been removed while nobody could tell it. */
const longestMs = 60 * minute;
const shortestMs = 1_000;

/**
 * When a rule must look again if nobody wakes it: an import that stands still wakes nobody, so the moment at which its lag passes the
 * threshold is computed; so is the end of a cooldown.
 */
export function nextLookMs(
  rule: Pick<AlertRule, 'subject' | 'cooldownMinutes'>,
  measured: Measured | null,
  step: AlertStep,
  standing: Standing,
  nowMs: number,
): number {
  const dueMs = (): number => {
    if (step === 'cooling') return coolUntilMs(rule, standing) - nowMs;
    if (rule.subject.metric !== 'importLagMinutes' || measured === null || step !== 'nothing')
      return longestMs;
    return (measured.threshold - (measured.figure ?? 0)) * minute;
  };
  return Math.min(longestMs, Math.max(shortestMs, Math.ceil(dueMs())));
}
