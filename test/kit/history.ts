import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { createEncryptionCodec } from '../../platform/temporal/encryption-codec.js';
import { recordedHistoriesKeys } from './recorded-histories.js';

const { EventType } = proto.temporal.api.enums.v1;

/** Resolves when the newest run of a workflow has completed this many activities; the server tells, nothing polls a clock. */
export async function activitiesCompleted(client: Client, workflowId: string, count: number): Promise<void> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array | undefined;
  let completed = 0;
  while (completed < count) {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId },
      waitNewEvent: true,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    const events = page.history?.events ?? [];
    completed += events.filter(
      (event) => event.eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    ).length;
    nextPageToken = page.nextPageToken;
    if (nextPageToken.length === 0 && completed < count) return;
  }
}

/** What the Temporal UI shows of each activity and timer of the newest run beside its type: null where nothing was said. */
export async function summariesOf(
  client: Client,
  workflowId: string,
): Promise<readonly { readonly step: string; readonly summary: string | null }[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const codec = createEncryptionCodec(recordedHistoriesKeys);
  const steps = (events ?? []).flatMap((event) => {
    const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const step = activity ?? (event.timerStartedEventAttributes ? 'timer' : null);
    return step === null ? [] : [{ step, payload: event.userMetadata?.summary }];
  });
  return Promise.all(
    steps.map(async ({ step, payload }) => {
      const [clear] = await codec.decode(payload ? [payload] : []);
      return {
        step,
        summary: clear ? (JSON.parse(Buffer.from(clear.data ?? []).toString()) as string) : null,
      };
    }),
  );
}

/** Resolves when a workflow with this id exists. */
export async function started(client: Client, workflowId: string): Promise<void> {
  for (;;) {
    try {
      await client.workflow.getHandle(workflowId).describe();
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'WorkflowNotFoundError') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
