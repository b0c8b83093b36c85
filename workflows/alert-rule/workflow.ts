import {
  ActivityFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DueNotification } from '../../activities/alerts/evaluate.js';
import { alertDeliveries, store } from '../options.js';
import { wakeAlertRule, type AlertRuleStart } from './messages.js';

/** A receiver that is away over night is told in the morning; later nobody cares. */
const usualDeliverMs = 24 * 60 * 60_000;

/** A look takes some 10 events; a cold replay of this many costs 0.1 s (temporal.md 19.2). */
const longHistory = 200;

/**
 * Follows one alert rule for as long as it is switched on: looks when it is woken (an import has ended, a person has changed something), and
 * when the time has come that the latest look named, so that an import that stands still is noticed by nobody's doing. What it found is in
 * the store; messages are delivered beside the looking, and a run that continues as new finds those that are left there.
 */
export async function alertRule(start: AlertRuleStart): Promise<void> {
  const { deliverMs = usualDeliverMs, tenantId, environment, ruleId } = start;
  const bell = { rung: false };
  setHandler(wakeAlertRule, () => {
    bell.rung = true;
  });
  const underWay = new Set<string>();
  const deliveries = new CancellationScope();

  for (;;) {
    bell.rung = false;
    const found = await store.evaluateAlertRule({ tenantId, environment, ruleId, deliverMs });
    for (const due of found.notifications) {
      if (underWay.has(due.notificationId)) continue;
      underWay.add(due.notificationId);
      void deliveries
        .run(() => deliver(tenantId, due))
        .finally(() => {
          underWay.delete(due.notificationId);
        });
    }
    if (found.kind === 'ended') {
      setCurrentDetails('Switched off or removed.');
      await condition(() => bell.rung || underWay.size === 0);
      if (rung(bell)) continue;
      return;
    }
    setCurrentDetails(`${found.step}; ${found.figure ?? 'no figure'}, sample ${found.sample}`);
    await condition(() => bell.rung, found.nextInMs);
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength > longHistory || continueAsNewSuggested) {
      deliveries.cancel();
      await condition(() => underWay.size === 0);
      await continueAsNew<typeof alertRule>(start);
    }
  }
}

/** Read again: the handler may have set it while we waited. */
const rung = (bell: { readonly rung: boolean }): boolean => bell.rung;

/**
 * Until the receiver has acknowledged it or it is not worth it any more. One that is cancelled stays as it is for the next run: a cancelled
 * scope starts no activity, so that nothing is given up because we continue as new, whatever the last try ended with.
 */
async function deliver(tenantId: string, { notificationId, leftMs }: DueNotification): Promise<void> {
  try {
    if (leftMs > 0) await alertDeliveries(leftMs).deliverAlert({ tenantId, notificationId });
    else await store.giveUpAlert({ tenantId, notificationId });
  } catch (error) {
    if (isCancellation(error)) return;
    if (!(error instanceof ActivityFailure)) throw error;
    await store.giveUpAlert({ tenantId, notificationId }).catch((late: unknown) => {
      if (!isCancellation(late)) throw late;
    });
  }
}
