import {
  CancellationScope,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { searchAttributes } from '../../domain/search-attributes.js';
import { cancelDurably } from '../book-visits/cancel-durably.js';
import { store } from '../options.js';
import {
  cancelTestRecordsState,
  type CancelTestRecordsOrder,
  type CancelTestRecordsState,
} from './messages.js';

/** A cancel costs up to 25 events; a history ends at 51,200 and is slow long before (temporal.md 3, 11). */
const mostInOneRun = 200;

/**
 * Cancels what tests have booked and not cancelled, one after the other, and nothing else: the list comes from the ledger of marked
 * conversations and orders. Ends in a named outcome; what could not be cancelled stays listed.
 */
export async function cancelTestRecords(order: CancelTestRecordsOrder): Promise<CancelTestRecordsState> {
  const { tenantId, environment, settleMs } = order;
  let state: CancelTestRecordsState = { outcome: 'running', found: 0, cancelled: 0, kept: [], more: false };
  const advance = (change: Partial<CancelTestRecordsState>): void => {
    state = { ...state, ...change };
    setCurrentDetails(`${state.cancelled} of ${state.found} cancelled, ${state.kept.length} kept`);
  };
  setHandler(cancelTestRecordsState, () => state);

  const open = await store.openTestAppointments({ tenantId, environment, limit: mostInOneRun + 1 });
  const appointments = open.slice(0, mostInOneRun);
  advance({ found: appointments.length, more: open.length > mostInOneRun });
  await CancellationScope.nonCancellable(async () => {
    for (const { appointmentGuid, patientGuid, madeBy } of appointments) {
      const result = await cancelDurably({
        tenantId,
        environment,
        conversationId: madeBy,
        // Of this run: what an earlier one could not cancel is tried anew.
        intentId: `${workflowInfo().runId}.${appointmentGuid}`,
        appointmentGuid,
        patientGuid,
        settleMs,
      });
      if (result === 'cancelled' || result === 'alreadyCancelled') {
        advance({ cancelled: state.cancelled + 1 });
      } else {
        const why = result === 'notSent' ? 'unavailable' : result;
        advance({ kept: [...state.kept, { appointmentGuid, why }] });
      }
    }
  });
  advance({ outcome: state.kept.length === 0 ? 'allCancelled' : 'someKept' });
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: state.outcome }]);
  return state;
}
