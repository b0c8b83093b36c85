import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

export const bareTurn = defineUpdate<string>('bareTurn');

const { nothing } = proxyActivities<{ nothing(): Promise<string> }>({ startToCloseTimeout: '10s' });

/** The floor of a turn: an update whose handler runs one activity that does nothing. */
export async function bareConversation(): Promise<void> {
  setHandler(bareTurn, () => nothing());
  await condition(() => false);
}
