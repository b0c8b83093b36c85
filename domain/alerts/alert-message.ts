import type { Environment } from '../tenant.js';
import type { AlertOperator, AlertSubject } from './alert-rule.js';
import type { Measured } from './judge.js';

/** Why an alert ended. What a person gave as the reason stays with us. */
export type AlertEnd = 'conditionGone' | 'byPerson' | 'notWatched' | 'ruleOff' | 'ruleRemoved';

/** What receivers are told, fixed when it happened: every try sends the same. Figures and names of rules only, nothing of callers. */
export interface AlertMessage {
  readonly event: 'alert.opened' | 'alert.resolved';
  readonly tenantId: string;
  readonly environment: Environment;
  readonly alertId: string;
  readonly rule: {
    readonly ruleId: string;
    readonly name: string;
    readonly subject: AlertSubject;
    readonly operator: AlertOperator;
  };
  /** When the alert opened, or at the latest look before it ended. */
  readonly measured: Measured;
  readonly openedAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly end: AlertEnd | null;
}

const operatorWords: Readonly<Record<AlertOperator, string>> = {
  above: 'is above',
  atLeast: 'is at least',
  below: 'is below',
  atMost: 'is at most',
};

const endWords: Readonly<Record<AlertEnd, string>> = {
  conditionGone: 'the condition is gone',
  byPerson: 'a person ended it',
  notWatched: 'what it watched was switched off',
  ruleOff: 'the rule was switched off',
  ruleRemoved: 'the rule was removed',
};

/** Six significant digits are more than anybody reads. */
const short = (value: number): string => String(Number(value.toPrecision(6)));
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The message in one sentence, for people. */
export function alertText(message: AlertMessage): string {
  const { event, tenantId, environment, rule, measured, openedAtMs, resolvedAtMs, end } = message;
  const what =
    'outcome' in rule.subject ? `${rule.subject.metric} ${rule.subject.outcome}` : rule.subject.metric;
  const where = `${tenantId}, ${environment}`;
  if (event === 'alert.resolved') {
    const minutes = Math.round(((resolvedAtMs ?? openedAtMs) - openedAtMs) / 60_000);
    const why = end === null ? '' : `: ${endWords[end]}`;
    return `Resolved after ${minutes} min, ${rule.name}${why} (${where})`;
  }
  const figure = measured.figure === null ? 'unknown' : short(measured.figure);
  const over =
    rule.subject.metric === 'importLagMinutes'
      ? `nothing newer than ${utc(measured.fromMs)} is imported`
      : `from ${utc(measured.fromMs)} to ${utc(measured.toMs)}, sample ${measured.sample}`;
  return `Alert, ${rule.name}: ${what} ${figure} ${operatorWords[rule.operator]} ${short(measured.threshold)}; ${over} (${where})`;
}

/** Slack reads these three as its own markup (api.slack.com, "Formatting text"). */
export const slackText = (message: AlertMessage): string =>
  alertText(message).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
