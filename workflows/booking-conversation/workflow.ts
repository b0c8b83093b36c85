import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { spoken } from '../../domain/agent/spoken-texts.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import {
  conversationState,
  endConversation,
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
import { releaseHold } from './tools/hold-slots.js';
import { refuseMessage } from './validate-message.js';

const defaultTimings: ConversationTimings = {
  idleCloseMs: 24 * 3_600_000, // a chat may sleep over night (claude.md 4)
  turnsPerRun: 50, // replay and update latency grow with a run (temporal.md 3)
};

/** A run continues as new before this many events: a cold replay costs 0.4-0.6 ms an event (temporal.md 19.2). */
const eventsPerRun = 500;

/**
 * One conversation with one caller, from the first message to its end. Updates enqueue; one loop merges what has arrived into a turn,
 * lets the model act behind gates, and answers. Survives the death of any process; continues as new between turns.
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
  let ending: string | null = null;
  let ended = false;
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
      await condition(() => remembered(message.messageId) !== undefined || ended);
      const reply = remembered(message.messageId);
      if (reply) return reply;
      throw ApplicationFailure.nonRetryable(
        'The conversation ended before this message was answered.',
        'ConversationClosed',
      );
    },
    {
      validator: (message) => {
        if (typeof message.messageId === 'string' && remembered(message.messageId)) return;
        refuseMessage(message, { closed: ended || ending !== null, waiting: answering.size });
      },
    },
  );
  setHandler(endConversation, async ({ reason }) => {
    ending ??= reason;
    await condition(() => ended);
    return snapshot();
  });
  setHandler(conversationState, () => snapshot());
  setHandler(replyOf, (messageId) => {
    const reply = remembered(messageId);
    if (reply) return { kind: 'replied', reply };
    return answering.has(messageId) ? { kind: 'pending' } : { kind: 'unknown' };
  });

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
  // From here on there is a state; the closure keeps it in one place.
  const conversation: Conversation = {
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
  function snapshot(): ConversationSnapshot {
    return state ? memory.snapshot(state, answering.size) : memory.snapshotOfStart(start, answering.size);
  }

  void closeWhenIdle();
  let turnsInRun = 0;
  for (;;) {
    await condition(() => inbox.length > 0 || ending !== null);
    if (inbox.length === 0) break;
    const outcomeBefore = conversation.state.outcome;
    reply(await takeTurn(conversation, { drain, interruptible }));
    if (conversation.state.outcome !== outcomeBefore) await publishOutcome();
    if (conversation.state.closeReason !== null) ending ??= conversation.state.closeReason;
    turnsInRun += 1;
    if (inbox.length === 0 && ending === null && runIsLong(turnsInRun, timings)) await carryOn();
  }
  return close(ending ?? 'ended');

  function drain(): CallerMessage[] {
    const messages = inbox.splice(0);
    words.push(...messages.map((message) => message.text));
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

  function reply(said: Spoken): void {
    const turn = conversation.state.turn + 1;
    const waiting = new Set(inbox.map((message) => message.messageId));
    const answered = [...answering].filter((messageId) => !waiting.has(messageId));
    const { outcome, promptBundle, closeReason } = conversation.state;
    const status = closeReason === null ? conversation.state.status : 'closed';
    conversation.apply((now) => ({
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
  async function publishOutcome(): Promise<void> {
    const { outcome, turn } = conversation.state;
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
    const { tenantId, conversationId } = start;
    await store.updateConversation({ tenantId, conversationId, patch: { outcome, turns: turn } });
  }

  /** One timer at a time, set again when it rings too early: a timer per turn would cost two events each. */
  async function closeWhenIdle(): Promise<void> {
    while (ending === null) {
      const quietMs = Date.now() - conversation.state.lastCallerAtMs;
      if (answering.size === 0 && quietMs >= timings.idleCloseMs) ending = 'idle';
      else await sleep(Math.max(timings.idleCloseMs - quietMs, 1_000));
    }
  }

  async function carryOn(): Promise<void> {
    await condition(allHandlersFinished);
    // A completion in the same task as the command may be lost (temporal.md 3), so the handlers finish in an earlier one.
    await sleep(1);
    if (inbox.length > 0 || ending !== null || !allHandlersFinished()) return;
    await continueAsNew<typeof bookingConversation>(start, conversation.state);
  }

  async function close(reason: string): Promise<ConversationSnapshot> {
    await releaseHold(conversation);
    const idle = reason === 'idle';
    const { tenantId, conversationId } = start;
    if (idle && conversation.state.turn > 0) {
      const text = spoken(conversation.state.language, 'closedIdle', {});
      const { promptBundle } = conversation.state;
      await store.speak({
        tenantId,
        conversationId,
        entryId: 'closing.spoken',
        text,
        promptBundle,
        insteadOf: null,
      });
    }
    conversation.apply((now) => ({
      ...now,
      status: 'closed',
      closeReason: reason,
      outcome: now.outcome === 'unknown' ? (idle ? 'abandoned' : 'information') : now.outcome,
    }));
    const { outcome, turn } = conversation.state;
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
    await store.updateConversation({
      tenantId,
      conversationId,
      patch: { status: 'closed', outcome, closeReason: reason, closedAtMs: Date.now(), turns: turn },
    });
    ended = true;
    await condition(allHandlersFinished);
    return snapshot();
  }
}

const runIsLong = (turnsInRun: number, timings: ConversationTimings): boolean =>
  turnsInRun >= timings.turnsPerRun ||
  workflowInfo().continueAsNewSuggested ||
  workflowInfo().historyLength > eventsPerRun;
