import type { Caller } from './caller.js';

/** What the staff of a practice find to do. */
interface StaffTask {
  readonly kind: string;
  readonly conversationId: string;
  readonly summary: string;
}

/** The staff tasks that a conversation has left. */
export async function tasksOf(caller: Caller): Promise<readonly StaffTask[]> {
  const { tasks } = (await caller.request('GET', '/api/staff-tasks?limit=100')).body as {
    tasks: StaffTask[];
  };
  return tasks.filter((task) => task.conversationId === caller.conversationId);
}
