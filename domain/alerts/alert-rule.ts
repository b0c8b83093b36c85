import type { Outcome } from '../outcome.js';
import type { Environment } from '../tenant.js';

/** Figures of turns (traces) that began within the window. */
export const turnMetrics = [
  'traces',
  'costUsd',
  'traceErrorRate',
  'observationErrorRate',
  'toolErrorRate',
  'latencyP50Ms',
  'latencyP95Ms',
] as const;
export type TurnMetric = (typeof turnMetrics)[number];

/** Figures of sessions whose last activity lies within the window. */
export const outcomeMetrics = ['outcomeCount', 'outcomeShare'] as const;
export type OutcomeMetric = (typeof outcomeMetrics)[number];

export const alertOperators = ['above', 'atLeast', 'below', 'atMost'] as const;
export type AlertOperator = (typeof alertOperators)[number];

/** What a rule watches. It never changes: another figure is another rule. */
export type AlertSubject =
  | { readonly metric: TurnMetric }
  | { readonly metric: OutcomeMetric; readonly outcome: Outcome }
  | { readonly metric: 'importLagMinutes'; readonly configId: string };

export interface AlertSettings {
  readonly name: string;
  readonly active: boolean;
  readonly operator: AlertOperator;
  /** In the unit of the metric; rates and shares are 0 to 1. Null = what the configuration's own rhythm allows, for the import lag only. */
  readonly threshold: number | null;
  readonly windowMinutes: number;
  /** With fewer turns, calls or sessions than this the figure says nothing, and the rule stays as it is. */
  readonly minSample: number;
  /** After an alert has ended no new one opens for this long. */
  readonly cooldownMinutes: number;
}

export interface AlertRule extends AlertSettings {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly ruleId: string;
  readonly subject: AlertSubject;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The rule that every Langfuse configuration has without anybody's doing. */
export const defaultRuleId = (configId: string): string => `import-lag.${configId}`;

export const isDefaultRule = ({ ruleId, subject }: Pick<AlertRule, 'ruleId' | 'subject'>): boolean =>
  subject.metric === 'importLagMinutes' && ruleId === defaultRuleId(subject.configId);

/** Settings of that rule until somebody tunes it. A lag is one figure, so window and sample do not matter. */
export const defaultLagSettings = (configName: string): AlertSettings => ({
  name: `Import lag of ${configName}`,
  active: true,
  operator: 'above',
  threshold: null,
  windowMinutes: 60,
  minSample: 0,
  cooldownMinutes: 60,
});
