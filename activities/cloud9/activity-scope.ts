import { heartbeating, type ActivityScope } from '../heartbeating.js';
import { Cloud9Error, toApplicationFailure } from './errors.js';

export type { ActivityScope } from '../heartbeating.js';

/** The boundary of the room: heartbeats while the work lasts, and turns `Cloud9Error` into the failure that a workflow may see. */
export async function asActivity<T>(work: (scope: ActivityScope) => Promise<T>): Promise<T> {
  try {
    return await heartbeating(work);
  } catch (error) {
    throw error instanceof Cloud9Error ? toApplicationFailure(error) : error;
  }
}
