import type { Client } from '@temporalio/client';
import { conversationWorkflowId, visitsWorkflowId } from '../../workflows/ids.js';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

function completedIn({ events }: History, activity: string): boolean {
  const scheduled = new Set(
    (events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity)
      .map((event) => String(event.eventId)),
  );
  return (events ?? []).some((event) =>
    scheduled.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
}

/** Resolves to true when the conversation, or an order of it, has completed this activity; to false when the turn was over before. */
export async function activityCompleted(
  client: Client,
  conversationId: string,
  activity: string,
  turn: Promise<unknown>,
): Promise<boolean> {
  const done = { over: false };
  const over = (): void => void (done.over = true);
  turn.then(over, over);
  const ids = [
    conversationWorkflowId('bright-smiles', conversationId),
    ...[1, 2].map((order) => visitsWorkflowId('bright-smiles', conversationId, order)),
  ];
  while (!done.over) {
    for (const workflowId of ids) {
      const history = await client.workflow
        .getHandle(workflowId)
        .fetchHistory()
        .catch(() => undefined);
      if (history && completedIn(history, activity)) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
