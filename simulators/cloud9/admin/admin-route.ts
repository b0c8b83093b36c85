import { z } from 'zod';
import type { PracticeDatabase } from '../practice-database.js';
import type { PracticeRecords } from '../practice-records.js';
import type { World } from '../world.js';

/** Why the admin door refuses; the message says what to do. */
export class AdminError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface AdminRequest {
  readonly query: URLSearchParams;
  /** Parsed JSON; an empty object without a body. */
  readonly body: unknown;
}

/** Answers with JSON; AdminError and ZodError become 4xx. */
export type AdminRoute = (world: World, request: AdminRequest) => unknown;

export const guidText = z.guid().toLowerCase();
export const dateText = z.iso.date();
export const clockText = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM');
export const practiceTimeText = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'expected YYYY-MM-DDTHH:MM');

/** The databases of the query's clientId, or all. */
export function practicesOf(world: World, clientId: string | null): readonly PracticeRecords[] {
  if (clientId === null || clientId === '') return [...world.practices.values()];
  const records = world.practices.get(clientId.toLowerCase());
  if (records === undefined) throw new AdminError(404, `No database has the ClientID ${clientId}`);
  return [records];
}

/** The one database of this clientId, or, without one, the first that `knows` what is asked for. */
export function practiceThat(
  world: World,
  clientId: string | undefined,
  what: string,
  knows: (database: PracticeDatabase) => boolean,
): PracticeRecords {
  const found = practicesOf(world, clientId ?? null).find(({ database }) => knows(database));
  if (found === undefined)
    throw new AdminError(
      404,
      `${what} is in no database${clientId === undefined ? '' : ' of this clientId'}`,
    );
  return found;
}
