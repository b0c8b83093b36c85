import { createHmac } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { alertText, slackText, type AlertMessage } from '../../domain/alerts/alert-message.js';
import { failures } from '../../domain/failures.js';
import type { AlertReceiver, AlertReceivers } from '../../platform/alert-receiver.js';
import type { Loggers } from '../../platform/logger/loggers.js';
import type { Store } from '../../platform/store/store.js';
import { post, type PostAnswer, type Reach } from './post.js';

export interface DeliverDeps {
  readonly store: Pick<Store, 'alerts'>;
  readonly alertReceivers: Pick<AlertReceivers, 'find'>;
  readonly alertReach: Reach;
  readonly loggers: Pick<Loggers, 'log'>;
}

interface NotificationAddress {
  readonly tenantId: string;
  readonly notificationId: string;
}

export interface DeliverActivities {
  /**
   * Sends one message and notes it as sent when the receiver has answered 2xx, never before; each try sends the same bytes under the same
   * `Idempotency-Key`. Throws AlertNotAcknowledged (again, later) and IntegrationNotConfigured (there is no receiver any more).
   */
  readonly deliverAlert: (input: NotificationAddress) => Promise<void>;
  /** Nobody acknowledged it for as long as it was worth being tried: it stays visible as undeliverable. */
  readonly giveUpAlert: (input: NotificationAddress) => Promise<void>;
}

/** Slack and its like answer within a second; startToClose of the workflow's proxy is a little longer. */
const answerMs = 10_000;
const longestWaitMs = 15 * 60_000;

export const createDeliverActivities = (deps: DeliverDeps): DeliverActivities => ({
  deliverAlert: async ({ tenantId, notificationId }) => {
    const { store, alertReceivers, alertReach } = deps;
    const notification = await store.alerts.notification(tenantId, notificationId);
    if (notification?.state !== 'pending') return;
    const { message } = notification;
    const receiver = await alertReceivers.find(message);
    if (!receiver)
      throw ApplicationFailure.nonRetryable('Nobody receives alerts any more.', 'IntegrationNotConfigured');
    const body = bodyOf(receiver, notificationId, message);
    const answer = await post({
      url: receiver.url.reveal(),
      headers: {
        'Idempotency-Key': notificationId,
        'User-Agent': 'Chairside',
        ...signature(receiver, body),
      },
      body,
      reach: alertReach,
      signal: AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(answerMs)]),
    });
    const sent = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
    await store.alerts.noteAttempt(tenantId, notificationId, { answer: inWords(answer), sent });
    if (sent) return;
    const waitMs = retryAfterMs(answer);
    throw ApplicationFailure.create({
      message: `${failures.AlertNotAcknowledged.title} (${inWords(answer)})`,
      type: 'AlertNotAcknowledged',
      ...(waitMs === null ? {} : { nextRetryDelay: waitMs }),
    });
  },

  giveUpAlert: async ({ tenantId, notificationId }) => {
    if (await deps.store.alerts.giveUp(tenantId, notificationId))
      deps.loggers.log.error('an alert could not be delivered', { tenantId, notificationId });
  },
});

/** A pure function of what is stored: every try sends the same bytes. */
const bodyOf = ({ format }: AlertReceiver, notificationId: string, message: AlertMessage): string =>
  JSON.stringify(
    format === 'slack'
      ? { text: slackText(message) }
      : { notificationId, ...message, text: alertText(message) },
  );

const signature = ({ secret }: AlertReceiver, body: string): Record<string, string> =>
  secret === null
    ? {}
    : {
        'X-Chairside-Signature': `sha256=${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`,
      };

const inWords = (answer: PostAnswer): string =>
  answer.kind === 'answered' ? String(answer.status) : answer.why;

/** A receiver may ask for patience, in seconds; more than the longest pause between tries is not granted. */
function retryAfterMs(answer: PostAnswer): number | null {
  const seconds = answer.kind === 'answered' ? Number(answer.retryAfter ?? NaN) : NaN;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, longestWaitMs) : null;
}
