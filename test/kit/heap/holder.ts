import { condition, defineUpdate, setHandler } from '@temporalio/workflow';

/** What one `holder` keeps alive: doubles, which V8 stores as 8 bytes each. */
export const heldBytes = 1_048_576;
const doubleBytes = 8;

export const held = defineUpdate<number>('held');

/** A workflow whose size is known: what it holds must be found by the measure of the conversations. */
export async function holder(): Promise<void> {
  const doubles = Array.from({ length: heldBytes / doubleBytes }, (_, index) => index + 0.5);
  setHandler(held, () => doubles.length);
  await condition(() => doubles.length === 0);
}
