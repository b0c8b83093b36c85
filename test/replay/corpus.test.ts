import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, it } from 'vitest';
import { createDataConverter } from '../../platform/temporal/data-converter.js';
import {
  decryptedTexts,
  recordedHistories,
  recordedHistoriesKeys,
  unencryptedTexts,
  type RecordedHistory,
  type WorkflowType,
} from '../kit/recorded-histories.js';
import { seededSecrets } from '../kit/stack.js';

// The bundle and the converters of production; only the key is the one that the corpus was sealed with.
const production = {
  workflowBundle: { codePath: 'dist/worker/bundle/workflow-bundle.cjs' },
  dataConverter: createDataConverter(recordedHistoriesKeys),
};
const replay = ({ history, workflowId }: Pick<RecordedHistory, 'history' | 'workflowId'>): Promise<void> =>
  Worker.runReplayHistory(production, history, workflowId);

/** Every branch that must stay replayable; a file that gets lost is a hole in the net. */
const branches = {
  alertRule: ['continued-while-telling', 'lag-without-import'],
  bookingConversation: [
    'cancel',
    'continued-first-run',
    'continued-second-run',
    'false-claim',
    'form-booking',
    'idle-close',
    'interrupted-model-step',
    'model-away',
    'plain-booking',
    'reschedule',
    'siblings',
    'slot-taken',
    'transfer',
  ],
  bookVisits: [
    'one-visit',
    'reconciled-after-commit-then-drop',
    'reschedule',
    'sent-once-more',
    'siblings',
    'slot-taken',
  ],
  nodeRedTarget: [
    'deployed-then-unchanged',
    'planned-again-then-conflict',
    'queue-cancelled',
    'rejected-then-approved',
    'restored',
  ],
  orderedTraceImport: ['backfill-cancelled', 'backfill-resumed', 'not-found', 'one-session', 'one-trace'],
  traceImport: [
    'caught-up',
    'continued-first-run',
    'continued-last-run',
    'failed',
    'interrupted-at-observations',
    'interrupted-at-traces',
    'mode-changed',
    'swept',
    'walked-again',
  ],
  traceSubmission: ['probed-then-worker-died'],
} as const;
const workflows = Object.keys(branches) as WorkflowType[];

const corpus = Object.fromEntries(
  await Promise.all(workflows.map(async (workflow) => [workflow, await recordedHistories(workflow)])),
) as Record<WorkflowType, readonly RecordedHistory[]>;
const all = Object.values(corpus).flat();
const named = (name: string): RecordedHistory => {
  const found = corpus.bookVisits.find((recorded) => recorded.name === name);
  if (!found) throw new Error(`${name} is not recorded.`);
  return found;
};

it('reads and writes JSON histories at all: one protobufjs for all packages (temporal.md 20.4)', () => {
  expect(() => historyToJSON({ events: [] })).not.toThrow();
});

describe.each(workflows)('%s', (workflow) => {
  it('has a recorded run of every branch', () => {
    expect(corpus[workflow].map(({ name }) => name)).toEqual(branches[workflow]);
  });

  it.each(corpus[workflow].map((recorded) => [recorded.name, recorded] as const))(
    'replays %s as it was recorded',
    async (_, recorded) => {
      await replay(recorded);
    },
  );
});

it('notices a workflow that would schedule another activity than the recorded one', async () => {
  const { history, workflowId } = named('one-visit');
  const tampered = historyFromJSON(JSON.parse(historyToJSON(history)));
  const scheduled = tampered.events?.find((event) => event.activityTaskScheduledEventAttributes);
  scheduled!.activityTaskScheduledEventAttributes!.activityType!.name = 'setAppointment';
  await expect(replay({ history: tampered, workflowId })).rejects.toThrow(DeterminismViolationError);
});

it('holds no text, name or number in the clear, and no secret even when decrypted', async () => {
  const callers = ['Ada', 'Fake-', '5555550142', 'Shall I book it', 'please book it', 'a question about'];
  for (const { name, json, history } of all) {
    const clear = [json, ...unencryptedTexts(history)].join('\n').replace(/"data":"[^"]*"/g, '');
    for (const text of [...seededSecrets, ...callers])
      expect(clear.includes(text), `${name}: ${text}`).toBe(false);
    const decrypted = await decryptedTexts(history);
    for (const secret of seededSecrets) expect(decrypted.includes(secret), `${name}: ${secret}`).toBe(false);
  }
  // The search would find something: this is what the payloads of a booking hold.
  expect(await decryptedTexts(named('one-visit').history)).toContain('5555550142');
});
