import { randomInt, randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import {
  bookingConversationType,
  sendMessage,
  type ConversationTimings,
  type Reply,
} from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import type { Caller, CallerOptions } from '../kit/caller.js';
import type { ScriptedTurn } from '../kit/model-script.js';
import type { Stack } from '../kit/stack.js';
import { changeSince, momentOf, type Change, type PracticeMoment } from './change.js';
import { activityCompleted } from './boundary.js';
import { ownRows } from './rows.js';
import type { FaultSeed, Scenario } from './scenario.js';

/** A patient whom the practice knows, with one appointment in the coming weeks. */
export interface KnownPatient {
  readonly patientGuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly appointmentGuid: string;
}

/** One run of one scenario: its callers, what the desk does meanwhile, and the fault of the seed in the turn that decides. */
export interface Stage {
  readonly stack: Stack;
  readonly seed: FaultSeed;
  /** Adds a line to the tenant's prompt file. */
  readonly changePromptFile: () => Promise<void>;
  caller(turns: readonly ScriptedTurn[], options?: CallerOptions): Promise<Caller>;
  /** An ordinary turn. */
  say(caller: Caller, text: string, messageId?: string): Promise<Reply>;
  /** Opens a conversation whose runs are as short as a test needs. */
  openWith(caller: Caller, timings: Partial<ConversationTimings>): Promise<Reply>;
  /** The turn in which the seed's fault strikes. */
  decide(caller: Caller, text: string, messageId?: string): Promise<Reply>;
  /** Enters a patient and an appointment as staff does. */
  knownPatient(person?: Partial<KnownPatient>): Promise<KnownPatient>;
  /** The desk takes the held places of a conversation for walk-ins, the latest `count` of them. */
  deskTakesHeld(caller: Caller, count?: number): Promise<readonly { columnGuid: string; start: string }[]>;
  deskCancels(appointmentGuid: string): Promise<void>;
  /** Resolves when no kill of the seed is under way. */
  idle(): Promise<void>;
  heldBy(caller: Caller): Promise<readonly { readonly columnGuid: string; readonly start: string }[]>;
}

/** A day in the practice's zone, so many days from today. */
export const dayFromToday = (days: number): string =>
  addDays(practiceDateOf(Date.now(), 'America/New_York'), days);

const faultsOf = {
  lostAnswer: { kind: 'commitThenDrop' },
  failsBefore: { kind: '502' },
  slow: { kind: 'delay', delayMs: 1_500 },
} as const;

/** As a good client: sends again, under the same id, what nobody took while no worker was there. */
async function insist(caller: Caller, text: string, messageId: string): Promise<Reply> {
  for (;;) {
    try {
      return await caller.say(text, messageId);
    } catch (error) {
      if (!String(error).includes('WorkerUnavailable')) throw error;
    }
  }
}

/** The conditions of one run. */
export interface Conditions {
  readonly seed: FaultSeed;
  /** Chooses the boundary at which the worker is killed. */
  readonly killSeed: number;
  readonly changePromptFile: () => Promise<void>;
}

/** A stage, and what to do with it when the play is over. */
export interface OpenStage {
  readonly stage: Stage;
  /** Ends every conversation and tells what has changed. */
  readonly close: () => Promise<Change>;
  /** What the seed's fault met: null when there was none, or nothing that it could hit. */
  readonly struck: () => string | null;
}

export async function openStage(
  stack: Stack,
  scenario: Scenario,
  { seed, killSeed, changePromptFile }: Conditions,
): Promise<OpenStage> {
  const { practice, model, client } = stack;
  await practice.clearFaults();
  let before: PracticeMoment = await momentOf(practice);
  const callers: Caller[] = [];
  const replies: Reply[] = [];
  const desk = new Set<string>();
  let struck: string | null = null;
  let killing: Promise<unknown> = Promise.resolve();
  const replaceWorker = (): Promise<void> => {
    const replaced = stack.worker.kill().then(() => stack.worker.start());
    killing = replaced;
    return replaced;
  };

  const kept = async (reply: Promise<Reply>): Promise<Reply> => {
    const given = await reply;
    replies.push(given);
    return given;
  };
  const heldBy: Stage['heldBy'] = async ({ conversationId }) => {
    const { holds } = await ownRows(stack, [conversationId]);
    return holds.toSorted((one, other) => (one.start < other.start ? -1 : 1));
  };

  const decideKilled = async (caller: Caller, text: string, messageId: string): Promise<Reply> => {
    const after = scenario.killAfter[(killSeed + scenario.id) % Math.max(1, scenario.killAfter.length)];
    if (after === undefined) {
      await stack.worker.kill();
      const reply = insist(caller, text, messageId);
      await stack.worker.start();
      struck = 'killed before the turn';
      return reply;
    }
    const reply = insist(caller, text, messageId);
    const wasMet = await activityCompleted(client, caller.conversationId, after, reply);
    await replaceWorker();
    if (wasMet) struck = `killed after ${after}`;
    return reply;
  };

  const decideFaulty = async (
    caller: Caller,
    text: string,
    messageId: string,
    fault: (typeof faultsOf)[keyof typeof faultsOf],
  ): Promise<Reply> => {
    const armedBefore = await practice.armedFaults();
    await practice.fail(scenario.faultAt, fault.kind, 'delayMs' in fault ? { delayMs: fault.delayMs } : {});
    const reply = await insist(caller, text, messageId);
    if ((await practice.armedFaults()) <= armedBefore) struck = `${fault.kind} at ${scenario.faultAt}`;
    return reply;
  };

  const stage: Stage = {
    stack,
    seed,
    changePromptFile,
    heldBy,
    idle: async () => {
      await killing;
    },
    caller: async (turns, options) => {
      const caller = await stack.caller(options);
      await model.play(caller.conversationId, turns);
      callers.push(caller);
      return caller;
    },
    say: (caller, text, messageId = randomUUID()) => kept(insist(caller, text, messageId)),
    openWith: async ({ conversationId }, timings) => {
      const message = { messageId: randomUUID(), text: 'Hello' };
      return kept(
        client.workflow.executeUpdateWithStart(sendMessage, {
          args: [message],
          updateId: message.messageId,
          startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
            workflowId: conversationWorkflowId('bright-smiles', conversationId),
            taskQueue,
            workflowIdConflictPolicy: 'USE_EXISTING',
            args: [
              {
                tenantId: 'bright-smiles',
                environment: 'sandbox',
                conversationId,
                channel: 'chat',
                language: 'en',
                isTest: true,
                timings,
              },
            ],
          }),
        }),
      );
    },
    decide: (caller, text, messageId = randomUUID()) => {
      if (seed === 'none') return kept(insist(caller, text, messageId));
      if (seed === 'workerKilled') return kept(decideKilled(caller, text, messageId));
      return kept(decideFaulty(caller, text, messageId, faultsOf[seed]));
    },
    knownPatient: async (person = {}) => {
      const who = {
        firstName: 'Ann',
        lastName: `Known-${String(randomInt(1_000_000))}`,
        birthDate: '2012-04-12',
        phone: `555555${String(randomInt(1_000, 10_000))}`,
        ...person,
      };
      const { firstName, lastName, birthDate, phone } = who;
      const patientGuid = await practice.addPatient({ firstName, lastName, birthDate, phone });
      const free = await practice.freePlaces(dayFromToday(35), dayFromToday(50));
      const place = free.filter(({ slotClass }) => slotClass === 'Adjustments')[randomInt(50)];
      if (!place) throw new Error('The practice has no free place for a known patient.');
      const appointmentGuid = await practice.frontDeskTakes({ ...place, patientGuid });
      before = await momentOf(practice);
      return { ...who, patientGuid, appointmentGuid };
    },
    deskTakesHeld: async (caller, count = 100) => {
      const places = (await heldBy(caller)).slice(-count);
      for (const { columnGuid, start } of places)
        desk.add(await practice.frontDeskTakes({ columnGuid, start }));
      return places;
    },
    deskCancels: async (appointmentGuid) => {
      desk.add(appointmentGuid);
      await practice.frontDeskCancels(appointmentGuid);
    },
  };
  return {
    stage,
    struck: () => struck,
    close: async () => {
      await practice.clearFaults();
      for (const caller of callers) await caller.end();
      return {
        ...(await changeSince(practice, before, desk)),
        replies,
        rows: await ownRows(
          stack,
          callers.map(({ conversationId }) => conversationId),
        ),
      };
    },
  };
}
