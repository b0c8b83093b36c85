import { CancelledFailure } from '@temporalio/common';
import type { AtInstance } from './contract.js';
import type { NodeRedDeps } from './node-red-deps.js';

type Detail = Readonly<Record<string, unknown>>;

/**
 * Shows a step of a deployment while it runs and what came of it. `key` names the step within its instance; a repetition of the activity adds
 * nothing. Details hold ids, counts and reasons only.
 */
export async function stepped<T>(
  { store }: Pick<NodeRedDeps, 'store'>,
  { tenantId, deploymentId, instance }: AtInstance,
  { step, key }: { readonly step: string; readonly key: string },
  work: () => Promise<T>,
  tell: (result: T) => Detail,
): Promise<T> {
  const note = (phase: 'begun' | 'done' | 'failed', detail: Detail): Promise<void> =>
    store.flowDeployments.note(tenantId, deploymentId, {
      eventId: `${instance}.${key}.${phase}`,
      step,
      instance,
      phase,
      detail,
    });
  await note('begun', {});
  try {
    const result = await work();
    await note('done', tell(result));
    return result;
  } catch (error) {
    // A cancelled or lost attempt is not the step's end.
    if (!(error instanceof CancelledFailure) && error instanceof Error) {
      await note('failed', {
        failure: 'type' in error ? String(error.type) : error.name,
        reason: error.message,
      });
    }
    throw error;
  }
}
