import type { ConversationRow } from '../../../platform/store/conversations.js';
import { Problem } from '../../problems.js';
import type { ApiServices } from '../../services.js';

/**
 * Closes rows whose workflow is over without having closed them: nobody else would, since a terminated workflow runs no more code. What was
 * booked before stays the outcome. While the workflow server is away the rows stay as they are.
 */
export async function settleBrokenOff(
  rows: readonly ConversationRow[],
  { store, conversations, clock }: Pick<ApiServices, 'store' | 'conversations' | 'clock'>,
): Promise<readonly ConversationRow[]> {
  const open = rows.filter(({ status, promptBundle }) => status !== 'closed' && promptBundle !== null);
  const [first] = open;
  if (!first) return rows;
  const over = await conversations
    .brokenOff(
      first.tenantId,
      open.map(({ conversationId }) => conversationId),
    )
    .catch((error: unknown) => {
      if (error instanceof Problem && error.failure === 'TemporalUnavailable') return new Set<string>();
      throw error;
    });
  return Promise.all(
    rows.map(async (row) => {
      if (row.status === 'closed' || !over.has(row.conversationId)) return row;
      const patch = {
        status: 'closed',
        outcome: row.outcome === 'unknown' ? 'failed' : row.outcome,
        closeReason: 'terminated',
        closedAtMs: clock.nowMs(),
      } as const;
      await store.conversations.update(row.tenantId, row.conversationId, patch);
      return { ...row, ...patch };
    }),
  );
}
