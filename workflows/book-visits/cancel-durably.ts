import type { Environment } from '../../domain/tenant.js';
import { ActivityFailure } from '@temporalio/workflow';
import { once, reconcile } from '../options.js';
import { lookUpTwice, sendOnce } from './send-once.js';

export interface CancelOrder {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly intentId: string;
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly settleMs: number;
}

export type CancelResult = 'cancelled' | 'alreadyCancelled' | 'inThePast' | 'refused' | 'notSent' | 'unclear';

/**
 * Cancels one appointment under one intent. A second cancel of the same appointment changes nothing in the practice system, so an
 * unclear try is looked up and, when the appointment is still active, repeated once. `notSent` = the practice system could not even be
 * read first. `unclear` needs a person.
 */
export async function cancelDurably(order: CancelOrder): Promise<CancelResult> {
  const { tenantId, environment, intentId } = order;
  try {
    await reconcile.prepareCancel({
      tenantId,
      environment,
      conversationId: order.conversationId,
      intentId,
      appointmentGuid: order.appointmentGuid,
      patientGuid: order.patientGuid,
    });
  } catch (error) {
    if (error instanceof ActivityFailure) return 'notSent';
    throw error;
  }
  for (const attempt of [1, 2]) {
    const sent = await sendOnce(() => once.cancelAppointment({ tenantId, environment, intentId, attempt }));
    if (
      sent.kind === 'cancelled' ||
      sent.kind === 'alreadyCancelled' ||
      sent.kind === 'inThePast' ||
      sent.kind === 'refused'
    ) {
      return sent.kind;
    }
    const seen = await lookUpTwice(
      () => reconcile.reconcileCancel({ tenantId, environment, intentId }),
      order.settleMs,
    );
    if (seen.kind === 'cancelled') return 'cancelled';
    if (seen.kind !== 'active') return 'unclear';
  }
  return 'unclear';
}
