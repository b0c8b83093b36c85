import { suits } from '../../domain/booking/waitlist.js';
import type { Appointment } from '../../domain/booking/slot.js';
import { toPracticeTime } from '../../domain/time/practice-time.js';
import type { IntentRow } from '../../platform/store/intents.js';
import type { Cloud9Deps, Practice } from './practice.js';

/**
 * Offers the place of a cancelled appointment to whoever waits longest for such a one: a task for staff, once for each cancellation. A place
 * in the past, or at an office that the practice no longer has, is offered to nobody.
 */
export async function offerFreedPlace(
  { store, clock }: Cloud9Deps,
  { tenant, environment }: Practice,
  { intentId, conversationId }: Pick<IntentRow, 'intentId' | 'conversationId'>,
  { locationKey, start, minutes, appointmentTypeGuid }: Appointment,
): Promise<void> {
  const office = tenant.locations.find(({ key }) => key === locationKey);
  if (!office || start <= toPracticeTime(clock.nowMs(), office.timeZone)) return;
  const place = { locationKey: office.key, start, minutes, appointmentTypeGuid };
  await store.waitlist.offer(
    {
      tenantId: tenant.slug,
      environment,
      taskId: `${intentId}.waitlist`,
      locationKey: office.key,
      start,
      conversationId,
    },
    (wish) => suits(wish, place, tenant.visitTypes),
  );
}
