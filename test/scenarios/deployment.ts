import { Worker } from '@temporalio/worker';
import { createDataConverter } from '../../platform/temporal/data-converter.js';
import { conversationWorkflowId } from '../../workflows/ids.js';
import { consentToHold } from '../kit/booking-script.js';
import { recordedHistoriesKeys } from '../kit/recorded-histories.js';
import { say } from '../kit/model-script.js';
import { inRepository } from '../kit/child.js';
import type { Caller } from '../kit/caller.js';
import { orderBoundaries, type Scenario } from './scenario.js';
import { askForYes } from './turns.js';

/** Makes another prompt bundle the active one, and takes it back. */
async function changePromptAndRollBack(caller: Caller, meanwhile: () => Promise<unknown>): Promise<void> {
  const listing = async (): Promise<{ readonly active: { readonly hash: string } }> =>
    (await caller.request('GET', '/api/prompts')).body as never;
  const first = (await listing()).active.hash;
  const registered = await caller.request('POST', '/api/prompts', {});
  if (registered.status >= 300) throw new Error(JSON.stringify(registered.body));
  const { hash: second } = registered.body as { readonly hash: string };
  if (second === first) throw new Error('The prompt did not change.');
  // After an earlier roll-back a changed file waits for a person.
  await caller.request('POST', `/api/prompts/${second}/activate`, { reason: 'rehearsal' });
  await meanwhile();
  const back = await caller.request('POST', '/api/prompts/rollback', { from: second, reason: 'rehearsal' });
  if (back.status !== 200) throw new Error(JSON.stringify(back.body));
}

/** All that may happen to a service while a caller thinks. */
export const deployment: readonly Scenario[] = [
  {
    id: 20,
    name: 'deployment, prompt rollback and a new run before the yes',
    faultAt: 'SetAppointment',
    killAfter: orderBoundaries,
    play: async (stage) => {
      const { client, worker } = stage.stack;
      const caller = await stage.caller([say('How can I help you?'), ...askForYes(1), ...consentToHold(1)]);
      const workflowId = conversationWorkflowId('bright-smiles', caller.conversationId);
      const opened = await stage.openWith(caller, { turnsPerRun: 2 });
      const { runId } = await client.workflow.getHandle(workflowId).describe();
      await stage.changePromptFile();
      let asked: string | undefined;
      await changePromptAndRollBack(caller, async () => {
        asked = (await stage.say(caller, 'My daughter is new.')).promptBundle;
      });
      await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result().catch(String);
      await worker.kill();
      await worker.start();
      const booked = await stage.decide(caller, 'Yes, please book it.');
      const runs = [runId, (await client.workflow.getHandle(workflowId).describe()).runId];
      for (const each of new Set(runs)) {
        await Worker.runReplayHistory(
          {
            workflowBundle: { codePath: inRepository('dist/worker/bundle/workflow-bundle.cjs') },
            dataConverter: createDataConverter(recordedHistoriesKeys),
          },
          await client.workflow.getHandle(workflowId, each).fetchHistory(),
          workflowId,
        );
      }
      return () => [
        new Set(runs).size !== 2 && 'the conversation did not begin a new run',
        new Set([opened.promptBundle, asked, booked.promptBundle]).size !== 1 &&
          'the prompt bundle changed in mid-conversation',
      ];
    },
    expected: { appointments: 1, patients: 1 },
  },
];
