import { defineQuery } from '@temporalio/workflow';
import type { BookingOutcome } from './types.js';

/** Query: results so far; visits that were not reached yet read as `notTried`. */
export const bookingProgress = defineQuery<BookingOutcome>('bookingProgress');
