import { defineQuery } from '@temporalio/workflow';
import type { Environment } from '../../domain/tenant.js';

/** The workflow type; a stored history names it, so it never changes. */
export const cancelTestRecordsType = 'cancelTestRecords';

export interface CancelTestRecordsOrder {
  readonly tenantId: string;
  readonly environment: Environment;
  /** Pause before an unclear cancel is looked up. */
  readonly settleMs: number;
}

/** How far a run is. `running` becomes `allCancelled`, or `someKept` with the reason of each that stays. */
export interface CancelTestRecordsState {
  readonly outcome: 'running' | 'allCancelled' | 'someKept';
  readonly found: number;
  readonly cancelled: number;
  readonly kept: readonly {
    readonly appointmentGuid: string;
    readonly why: 'inThePast' | 'refused' | 'unclear' | 'unavailable';
  }[];
  /** There were more than one run takes: start another one. */
  readonly more: boolean;
}

export const cancelTestRecordsState = defineQuery<CancelTestRecordsState>('cancelTestRecordsState');
