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
} from '@temporalio/workflow';
import { speechMs } from '../../domain/agent/reply-length.js';
import { failures, type FailureType } from '../../domain/failures.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store } from '../options.js';
import { interrupted } from './barge-in.js';
import { closeConversation, closeFailed, failureTypeOf } from './close-conversation.js';
import type { Conversation } from './conversation.js';
import {
  bargeIn,
  conversationState,
  endConversation,
  repinConversation,
  handOff,
  replyOf,
  returnToAgent,
  sendMessage,
  staffMessage,
  type CallerMessage,
  type ConversationSnapshot,
  type ConversationStart,
  type Reply,
} from './messages.js';
import * as memory from './state.js';
import { giveBack, sayForStaff, takeOver } from './hand-off.js';
import type { Spoken } from './speak.js';
import { performOrders, type StaffOrder } from './staff-orders.js';
import { takeTurn } from './take-turn.js';
import { defaultTimings, runIsLong } from './timings.js';
import { speakUnasked, watchHandOff, watchSilence, type Watch } from './watchers.js';
import { refuseEnd, refuseMessage, refuseOrder, refuseRepin } from './validate-message.js';

/** A caller who cut the agent off speaks within this time; else it was a cough, and what they said before is answered. */
const bargeInWordsMs = 5_000;

/**
 * One conversation with one caller, from the first message to its end. Updates enqueue; one loop merges what has arrived into a turn,
 * lets the model act behind gates, and answers. Survives the death of any process; continues as new between turns. A cancel from outside
 * is an orderly end: the turn under way is finished, nobody who waits is left without an answer, held places go back.
 */
export async function bookingConversation(
  start: ConversationStart,
  carried?: memory.ConversationState,
): Promise<ConversationSnapshot> {
  const timings = { ...defaultTimings[start.channel], ...start.timings };
  const inbox: CallerMessage[] = [];
  const answering = new Set<string>();
  const orders: StaffOrder[] = [];
  const watch: Watch = { ending: null, promptDue: false, answerOverdue: false };
  let bargedIn = false;
  let words: string[] = [];
  let state: memory.ConversationState | undefined = carried;
  let conversation: Conversation | undefined;
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
          closed: ended || watch.ending !== null,
          waiting: answering.size,
          knows: (messageId) => answering.has(messageId) || remembered(messageId) !== undefined,
        }),
    },
  );
  setHandler(
    endConversation,
    async ({ reason }) => {
      watch.ending ??= reason;
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
    { validator: (order: unknown) => refuseRepin(order, ended || watch.ending !== null) },
  );
  const standing = (): { closed: boolean; handedOff: boolean } => ({
    closed: ended || watch.ending !== null,
    handedOff: state?.status === 'handoff' || orders.some((order) => order.kind === 'takeOver'),
  });
  const perform = async (run: StaffOrder['run'], kind: StaffOrder['kind']): Promise<ConversationSnapshot> => {
    const order: StaffOrder = { kind, run, done: false };
    orders.push(order);
    if (kind === 'takeOver') modelScope?.cancel();
    await patiently(() => order.done || ended);
    return snapshot();
  };
  setHandler(handOff, ({ reason }) => perform((talk) => takeOver(talk, reason), 'takeOver'), {
    validator: (order: unknown) =>
      refuseOrder(order, { userId: 64, reason: 500 }, { ...standing(), handedOff: true }),
  });
  setHandler(staffMessage, (said) => perform((talk) => sayForStaff(talk, said), 'say'), {
    validator: (order: unknown) => refuseOrder(order, { userId: 64, messageId: 64, text: 2_000 }, standing()),
  });
  setHandler(returnToAgent, ({ note }) => perform((talk) => giveBack(talk, note), 'giveBack'), {
    validator: (order: unknown) => refuseOrder(order, { userId: 64, note: 500 }, standing()),
  });
  setHandler(bargeIn, ({ heardChars }) => {
    if (!state || state.status !== 'open') return;
    state = interrupted(state, heardChars, Date.now());
    // A write never runs in this scope, so it is never broken off (claude.md 9).
    bargedIn = modelScope !== undefined;
    modelScope?.cancel();
  });
  setHandler(conversationState, () => snapshot());
  setHandler(replyOf, (messageId) => {
    const reply = remembered(messageId);
    if (reply) return { kind: 'replied', reply };
    return answering.has(messageId) ? { kind: 'pending' } : { kind: 'unknown' };
  });
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    watch.ending ??= 'cancelled by an operator';
  });

  return CancellationScope.nonCancellable(async () => {
    try {
      const talk = await open();
      await takeTurns(talk);
      await closeConversation(talk, watch.ending ?? 'ended');
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
      timings,
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
    void watchSilence(talk, watch, () => answering.size === 0);
    void watchHandOff(talk, watch);
    for (let turnsInRun = 1; ; turnsInRun++) {
      await condition(() => somethingToDo() || watch.promptDue || watch.answerOverdue);
      await performOrders(talk, orders);
      if (inbox.length === 0) {
        if (watch.ending !== null) return;
        await speakUnasked(talk, watch);
        continue;
      }
      const outcomeBefore = talk.state.outcome;
      inTurn = true;
      reply(talk, await answerCaller(talk));
      inTurn = false;
      if (talk.state.outcome !== outcomeBefore) await publishOutcome(talk);
      watch.ending ??= talk.state.closeReason;
      if (inbox.length === 0 && watch.ending === null && runIsLong(turnsInRun, timings)) await carryOn(talk);
    }
  }

  function somethingToDo(): boolean {
    return inbox.length > 0 || orders.length > 0 || watch.ending !== null;
  }

  function answerCaller(talk: Conversation): Promise<Spoken> {
    const muted = talk.state.status === 'handoff';
    return takeTurn(talk, {
      drain: () => drain(talk),
      interruptible,
      staffTakesOver: async () => {
        if (orders.length === 0) return muted;
        await performOrders(talk, orders);
        return talk.state.status === 'handoff';
      },
      wordsSettled,
    });
  }

  async function wordsSettled(): Promise<void> {
    if (bargedIn && inbox.length === 0)
      await condition(somethingToDo, bargeInWordsMs, { summary: 'words of the interruption' });
    bargedIn = false;
    for (let seen = -1; timings.debounceMs > 0 && inbox.length > seen && orders.length === 0;) {
      seen = inbox.length;
      await sleep(timings.debounceMs, { summary: 'more words of one burst' });
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
      prompts: 0,
      lastCallerAtMs: Date.now() + speechMs(said.text, start.channel),
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

  async function carryOn(talk: Conversation): Promise<void> {
    // A message that slips in waits for a turn of this run: waiting for its handler here would be for ever.
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
