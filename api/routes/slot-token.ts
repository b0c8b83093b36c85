import { z } from 'zod';
import type { Slot } from '../../domain/booking/slot.js';
import type { Environment } from '../../domain/tenant.js';
import type { Sealer } from '../../platform/secrets/sealer.js';
import { Problem } from '../problems.js';

/** A place as one slot record gave it, and the kind of visit that it was searched for. */
export interface OfferedPlace {
  readonly slot: Slot;
  readonly visitTypeKey: string;
  readonly fetchedAtMs: number;
}

/** An offer older than this must be looked up again. The practice system decides in any case (cloud9.md 6.2). */
const validMs = 30 * 60_000;

const place = z.object({
  slot: z.object({
    viewGuid: z.string(),
    columnGuid: z.string(),
    locationGuid: z.string(),
    locationKey: z.string(),
    start: z.string(),
    minutes: z.number(),
    slotClass: z.string(),
  }),
  visitTypeKey: z.string(),
  fetchedAtMs: z.number(),
});

const contextOf = (tenantId: string, environment: Environment): string => `slot/${tenantId}/${environment}`;

/**
 * The place as one opaque text: nobody can mix the fields of two records, make a place up, or take it to another practice (cloud9.md 6.1,
 * 6.14).
 */
export const sealPlace = (
  sealer: Sealer,
  tenantId: string,
  environment: Environment,
  offered: OfferedPlace,
): string => sealer.seal(JSON.stringify(offered), contextOf(tenantId, environment)).sealed;

const refused = (message: string, cause?: unknown): Problem =>
  new Problem('ValidationFailed', { errors: [{ path: 'slot', message }], cause });

/** Throws ValidationFailed for a text that is none of ours, or of another practice. Its age is `refuseOld`'s to judge. */
export function openPlace(
  { sealer }: { readonly sealer: Sealer },
  tenantId: string,
  environment: Environment,
  token: string,
): OfferedPlace {
  try {
    return place.parse(JSON.parse(sealer.open(token, contextOf(tenantId, environment))));
  } catch (error) {
    throw refused('is not a slot of GET /api/appointments/available of this practice', error);
  }
}

/** Throws ValidationFailed for a place that was looked up too long ago to be booked. */
export function refuseOld({ fetchedAtMs }: OfferedPlace, nowMs: number): void {
  if (nowMs - fetchedAtMs > validMs) throw refused('is too old; look for free slots again');
}
