import type { Environment } from '../../domain/tenant.js';
import { once, reconcile } from '../options.js';
import { lookUpTwice, prepared, sendOnce } from './send-once.js';
import type { Person } from './types.js';

interface PatientOrder {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly intentId: string;
  readonly person: Extract<Person, { kind: 'new' }>;
  readonly locationKey: string;
  /** Creates a second record of a name and birth date that the practice has. */
  readonly evenIfKnown: boolean;
  readonly settleMs: number;
}

type PatientResult =
  | { readonly kind: 'existing'; readonly patientGuid: string }
  | { readonly kind: 'created'; readonly patientGuid: string }
  | { readonly kind: 'refused' | 'unavailable' | 'unclear' };

/** One try, and one safe repeat when reading has shown twice that the first did nothing (claude.md 5.2). */
export const attempts = [1, 2] as const;

/** Creates a patient under one intent, or finds the one who is there. `unclear` needs a person. */
export async function createPatientDurably(order: PatientOrder): Promise<PatientResult> {
  const { tenantId, environment, conversationId, intentId, locationKey, evenIfKnown } = order;
  const { firstName, lastName, birthDate, phone, email } = order.person;
  const ready = await prepared(() =>
    reconcile.prepareCreatePatient({
      tenantId,
      environment,
      conversationId,
      intentId,
      person: { firstName, lastName, birthDate, phone, email },
      locationKey,
      ...(evenIfKnown && { evenIfKnown }),
    }),
  );
  if (ready.kind !== 'ready') return ready;

  for (const attempt of attempts) {
    const sent = await sendOnce(() => once.createPatient({ tenantId, environment, intentId, attempt }));
    if (sent.kind === 'created') return { kind: 'created', patientGuid: sent.patientGuid };
    if (sent.kind !== 'unclear') return { kind: sent.kind };
    const seen = await lookUpTwice(
      () => reconcile.reconcilePatient({ tenantId, environment, intentId }),
      order.settleMs,
    );
    if (seen.kind === 'found') return { kind: 'created', patientGuid: seen.patientGuid };
    if (seen.kind === 'ambiguous') return { kind: 'unclear' };
  }
  return { kind: 'unclear' };
}
