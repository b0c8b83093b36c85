import { expect, it } from 'vitest';
import { alertText, slackText, type AlertMessage } from './alert-message.js';

const opened: AlertMessage = {
  event: 'alert.opened',
  tenantId: 'bright-smiles',
  environment: 'production',
  alertId: 'a1',
  rule: {
    ruleId: 'r1',
    name: 'Bookings <day> & night',
    subject: { metric: 'outcomeShare', outcome: 'booked' },
    operator: 'below',
  },
  measured: {
    figure: 0.123456789,
    sample: 81,
    threshold: 0.2,
    fromMs: Date.UTC(2030, 2, 4, 11),
    toMs: Date.UTC(2030, 2, 4, 12),
  },
  openedAtMs: Date.UTC(2030, 2, 4, 12, 5),
  resolvedAtMs: null,
  end: null,
};

it('says in one sentence what was seen, over which time, and where', () => {
  expect(alertText(opened)).toBe(
    'Alert, Bookings <day> & night: outcomeShare booked 0.123457 is below 0.2; from 2030-03-04 11:00 UTC to 2030-03-04 12:00 UTC, sample 81 (bright-smiles, production)',
  );
  const resolvedAtMs = opened.openedAtMs + 35 * 60_000;
  expect(alertText({ ...opened, event: 'alert.resolved', resolvedAtMs, end: 'conditionGone' })).toBe(
    'Resolved after 35 min, Bookings <day> & night: the condition is gone (bright-smiles, production)',
  );
});

it('lets no name of a rule become markup in Slack', () => {
  expect(slackText({ ...opened, rule: { ...opened.rule, name: '<!channel> & co' } })).toContain(
    '&lt;!channel&gt; &amp; co',
  );
});
