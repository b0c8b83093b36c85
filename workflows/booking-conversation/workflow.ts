import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  sleep,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { failures, type FailureType } from '../../domain/failures.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store } from '../options.js';
import { closeConversation, closeFailed, failureTypeOf } from './close-conversation.js';
import type { Conversation } from './conversation.js';
import {
  conversationState,
  endConversation,
  repinConversation,
  replyOf,
  sendMessage,
  type CallerMessage,
  type ConversationSnapshot,
  type ConversationStart,
  type ConversationTimings,
  type Reply,
} from './messages.js';
import * as memory from './state.js';
import { takeTurn, type Spoken } from './take-turn.js';
import { refuseEnd, refuseMessage, refuseRepin } from './validate-message.js';

const defaultTimings: ConversationTimings = {
  idleCloseMs: 24 * 3_600_000, // a chat may sleep over night (claude.md 4)
  turnsPerRun: 50, // replay and update latency grow with a run (temporal.md 3)
};

/** A run continues as new before this many events: a cold replay costs 0.4-0.6 ms an event (temporal.md 19.2). */
const eventsPerRun = 500;

/**
 * One conversation with one caller, from the first message to its end. Updates enqueue; one loop merges what has arrived into a turn,
 * lets the model act behind gates, and answers. Survives the death of any process; continues as new between turns. A cancel from outside
 * is an orderly end: the turn under way is finished, nobody who waits is left without an answer, held places go back.
 */
export async function bookingConversation(
  start: ConversationStart,
  carried?: memory.ConversationState,
): Promise<ConversationSnapshot> {
  const timings = { ...defaultTimings, ...start.timings };
  const inbox: CallerMessage[] = [];
  const answering = new Set<string>();
  let words: string[] = [];
  let state: memory.ConversationState | undefined = carried;
  let conversation: Conversation | undefined;
  let ending: string | null = null;
  let ended = false;
  let cancelled = false;
  let inTurn = false;
  let broken: FailureType | undefined;
  let modelScope: CancellationScope | undefined;

  const remembered = (messageId: string): Reply | undefined =>
    state?.replies.find((reply) => reply.messageId === messageId);

  setHandler(
    sendMessage,
    async (message) => {
      const known = remembered(message.messageId);
      if (known) return known;
      if (!answering.has(message.messageId)) {
        answering.add(message.messageId);
        inbox.push(message);
        modelScope?.cancel();
      }
      await patiently(() => remembered(message.messageId) !== undefined || ended);
      const reply = remembered(message.messageId);
      if (reply) return reply;
      const type = broken ?? 'ConversationClosed';
      throw ApplicationFailure.nonRetryable(failures[type].title, type);
    },
    {
      validator: (message: unknown) =>
        refuseMessage(message, {
          closed: ended || ending !== null,
          waiting: answering.size,
          knows: (messageId) => answering.has(messageId) || remembered(messageId) !== undefined,
        }),
    },
  );
  setHandler(
    endConversation,
    async ({ reason }) => {
      ending ??= reason;
      await patiently(() => ended);
      return snapshot();
    },
    { validator: (request: unknown) => refuseEnd(request) },
  );
  setHandler(
    repinConversation,
    async ({ promptBundle }) => {
      // Between turns: two bundles in one turn would be a conversation that neither of them describes.
      await patiently(() => (conversation !== undefined && !inTurn) || ended);
      if (ended || !conversation) {
        const type = broken ?? 'ConversationClosed';
        throw ApplicationFailure.nonRetryable(failures[type].title, type);
      }
      conversation.apply((now) => ({ ...now, promptBundle }));
      upsertSearchAttributes([{ key: searchAttributes.promptBundle, value: promptBundle }]);
      const { tenantId, conversationId } = start;
      await store.updateConversation({ tenantId, conversationId, patch: { promptBundle } });
      return snapshot();
    },
    { validator: (order: unknown) => refuseRepin(order, ended || ending !== null) },
  );
  setHandler(conversationState, () => snapshot());
  setHandler(replyOf, (messageId) => {
    const reply = remembered(messageId);
    if (reply) return { kind: 'replied', reply };
    return answering.has(messageId) ? { kind: 'pending' } : { kind: 'unknown' };
  });
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    ending ??= 'cancelled by an operator';
  });

  return CancellationScope.nonCancellable(async () => {
    try {
      const talk = await open();
      await takeTurns(talk);
      await closeConversation(talk, ending ?? 'ended');
    } catch (error) {
      // Continue-as-new, or a defect of ours: the workflow task is repeated until a fix is deployed, nothing is lost.
      if (!(error instanceof TemporalFailure)) throw error;
      broken = failureTypeOf(error);
      await closeFailed(start, conversation, broken);
      await release();
      throw error;
    }
    await release();
    if (cancelled) throw new CancelledFailure('Cancelled from outside; closed in good order');
    return snapshot();
  });

  /** Lets everybody who waits have an answer before the run is over. */
  async function release(): Promise<void> {
    ended = true;
    await condition(allHandlersFinished);
  }

  async function open(): Promise<Conversation> {
    if (!state) {
      const { tenantId, environment, conversationId, channel, language } = start;
      const opening = await store.openConversation({
        tenantId,
        environment,
        conversationId,
        channel,
        language,
      });
      state = memory.begin(start, opening, Date.now());
      upsertSearchAttributes([{ key: searchAttributes.promptBundle, value: opening.promptBundle }]);
    }
    conversation = {
      get state() {
        return state as memory.ConversationState;
      },
      apply: (change) => {
        state = change(state as memory.ConversationState);
        setCurrentDetails(memory.describe(state));
      },
      callerWords: () => [...words, ...inbox.map((message) => message.text)],
      nowMs: () => Date.now(),
    };
    setCurrentDetails(memory.describe(state));
    return conversation;
  }

  async function takeTurns(talk: Conversation): Promise<void> {
    void closeWhenIdle(talk);
    for (let turnsInRun = 1; ; turnsInRun++) {
      await condition(() => inbox.length > 0 || ending !== null);
      if (inbox.length === 0) return;
      const outcomeBefore = talk.state.outcome;
      inTurn = true;
      reply(talk, await takeTurn(talk, { drain: () => drain(talk), interruptible }));
      inTurn = false;
      if (talk.state.outcome !== outcomeBefore) await publishOutcome(talk);
      ending ??= talk.state.closeReason;
      if (inbox.length === 0 && ending === null && runIsLong(turnsInRun, timings)) await carryOn(talk);
    }
  }

  function snapshot(): ConversationSnapshot {
    return state ? memory.snapshot(state, answering.size) : memory.snapshotOfStart(start, answering.size);
  }

  function drain(talk: Conversation): CallerMessage[] {
    const messages = inbox.splice(0);
    words.push(...messages.map((message) => message.text));
    // A caller who speaks on is not done, whatever the agent thought.
    if (messages.length > 0) talk.apply(memory.reopen);
    return messages;
  }

  async function interruptible<T>(run: () => Promise<T>): Promise<T> {
    modelScope = new CancellationScope();
    try {
      return await modelScope.run(run);
    } finally {
      modelScope = undefined;
    }
  }

  function reply(talk: Conversation, said: Spoken): void {
    if (inbox.length > 0) talk.apply(memory.reopen);
    const turn = talk.state.turn + 1;
    const waiting = new Set(inbox.map((message) => message.messageId));
    const answered = [...answering].filter((messageId) => !waiting.has(messageId));
    const { outcome, promptBundle, closeReason } = talk.state;
    const status = closeReason === null ? talk.state.status : 'closed';
    talk.apply((now) => ({
      ...memory.remember(
        now,
        answered.map((messageId) => ({ messageId, turn, ...said, status, outcome, promptBundle })),
      ),
      turn,
      lastCallerAtMs: Date.now(),
    }));
    for (const messageId of answered) answering.delete(messageId);
    words = [];
  }

  /** Operators filter by outcome; each change is one event, a plain turn none (temporal.md 9). */
  async function publishOutcome(talk: Conversation): Promise<void> {
    const { outcome, turn } = talk.state;
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
    const { tenantId, conversationId } = start;
    await store.updateConversation({ tenantId, conversationId, patch: { outcome, turns: turn } });
  }

  /** One timer at a time, set again when it rings too early: a timer per turn would cost two events each. */
  async function closeWhenIdle(talk: Conversation): Promise<void> {
    while (ending === null) {
      await condition(() => answering.size === 0);
      const quietMs = Date.now() - talk.state.lastCallerAtMs;
      if (quietMs >= timings.idleCloseMs) ending ??= 'idle';
      else await sleep(timings.idleCloseMs - quietMs, { summary: 'close when the caller is silent' });
    }
  }

  async function carryOn(talk: Conversation): Promise<void> {
    // A message that slips in waits for a turn of this run: waiting for its handler here would be for ever.
    const somethingToDo = (): boolean => inbox.length > 0 || ending !== null;
    await condition(() => allHandlersFinished() || somethingToDo());
    // A completion in the same task as the command may be lost (temporal.md 3), so the handlers finish in an earlier one. The server
    // rounds the pause up to a second: a caller who writes on at once must not wait for its end.
    await condition(somethingToDo, 1, { summary: 'handlers finish before the next run' });
    if (somethingToDo() || !allHandlersFinished()) return;
    await continueAsNew<typeof bookingConversation>(start, talk.state);
  }
}

/** Waits in a handler; a cancel of the workflow must not break it off, since the answer still comes. */
const patiently = (until: () => boolean): Promise<void> =>
  CancellationScope.nonCancellable(() => condition(until));

const runIsLong = (turnsInRun: number, timings: ConversationTimings): boolean =>
  turnsInRun >= timings.turnsPerRun ||
  workflowInfo().continueAsNewSuggested ||
  workflowInfo().historyLength > eventsPerRun;
