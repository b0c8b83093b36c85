import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { runAttributes, searchAttributes } from '../../domain/search-attributes.js';
import {
  bargeIn,
  bookingConversationType,
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
  type RepinOrder,
  type Reply,
  type ReplyState,
} from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import { Problem } from '../problems.js';
import { isTimeUp, problemOf } from './errors.js';
import { createWorkerPresence } from './worker-presence.js';

type Sent = { readonly kind: 'replied'; readonly reply: Reply } | { readonly kind: 'pending' };

type Ending =
  | { readonly kind: 'ended'; readonly state: ConversationSnapshot }
  /** It was asked to end and finishes a booking first. */
  | { readonly kind: 'ending' }
  /** It has no workflow: no message yet, or the server forgot it. */
  | { readonly kind: 'neverStarted' };

type Repinning =
  | { readonly kind: 'moved' }
  /** It was taken and happens when the turn under way is over. */
  | { readonly kind: 'afterThisTurn' }
  | { readonly kind: 'neverStarted' };
/** What a colleague may ask of a conversation. */
export type StaffOrder =
  | { readonly kind: 'handOff'; readonly userId: string; readonly reason: string }
  | { readonly kind: 'say'; readonly userId: string; readonly messageId: string; readonly text: string }
  | { readonly kind: 'return'; readonly userId: string; readonly note: string };

/** The workflow side of conversations. Only this folder of the API knows the Temporal client. */
export interface Conversations {
  /**
   * Hands a caller message to its conversation, which it starts with the first one, and waits at most `waitMs` for the reply. `pending`
   * means that it was taken and the reply will come; asking again with the same message id never makes a second turn. Throws
   * WorkerUnavailable within seconds when no worker takes it, OutcomeUnknown when one is there but did not say whether it did.
   */
  send(start: ConversationStart, message: CallerMessage, waitMs: number): Promise<Sent>;
  /** Waits at most `waitMs` for a reply that was pending. */
  reply(tenantId: string, conversationId: string, messageId: string, waitMs: number): Promise<ReplyState>;
  /** Null when the conversation has no workflow: no message yet, or it ended so long ago that the server forgot it. */
  state(tenantId: string, conversationId: string): Promise<ConversationSnapshot | null>;
  end(tenantId: string, conversationId: string, reason: string): Promise<Ending>;
  /**
   * Those of these conversations whose workflow is over without having ended itself: terminated from outside, timed out. One that an
   * operator has reset goes on under the same id and is none of them.
   */
  brokenOff(tenantId: string, conversationIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Throws ConversationClosed, WorkerUnavailable or OutcomeUnknown. */
  repin(tenantId: string, conversationId: string, order: RepinOrder): Promise<Repinning>;
  /**
   * Hands a conversation to a colleague, speaks for them, or gives it back to the agent; answers with its state after that. The same
   * `orderId` again is the same order. Throws ConversationClosed also for one that never had a message, NotHandedOff.
   */
  order(
    tenantId: string,
    conversationId: string,
    orderId: string,
    order: StaffOrder,
  ): Promise<ConversationSnapshot>;
  /** The caller began to speak after this many characters. Throws ConversationClosed. */
  bargeIn(tenantId: string, conversationId: string, heardChars: number): Promise<void>;
  /** Throws TemporalUnavailable or WorkerUnavailable. */
  ping(): Promise<void>;
}

/** A message is taken within milliseconds when a worker is there; the rest is a worker that has just been started again. */
const acceptanceLimitMs = 5_000;
/** A worker that is there but busy is given more rounds, up to this in all. */
const busyLimitMs = 15_000;
const queryLimitMs = 5_000;
const endLimitMs = 10_000;
const repinLimitMs = 10_000;

export function createConversations(client: Client, namespace: string): Conversations {
  const presence = createWorkerPresence(client, namespace);
  const handleOf = (tenantId: string, conversationId: string): ReturnType<Client['workflow']['getHandle']> =>
    client.workflow.getHandle(conversationWorkflowId(tenantId, conversationId));
  const within = <T>(limitMs: number, work: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + limitMs, work);

  /** Asks until it is accepted. `ask` must name its update, so that the rounds of a busy worker are one and the same. */
  async function accepted<T>(ask: () => Promise<T>, whereToLook: string): Promise<T> {
    const beganAtMs = Date.now();
    for (;;) {
      try {
        return await within(acceptanceLimitMs, ask);
      } catch (error) {
        if (!isTimeUp(error)) throw error;
        if (!(await presence.seenSince(beganAtMs))) {
          throw new Problem('WorkerUnavailable', {
            detail: `It may be taken when a worker is back. ${whereToLook}`,
            cause: error,
          });
        }
        if (Date.now() - beganAtMs >= busyLimitMs) {
          throw new Problem('OutcomeUnknown', { detail: whereToLook, cause: error });
        }
      }
    }
  }

  /** The problem behind a question that failed. */
  async function unanswered(error: unknown): Promise<Problem> {
    const problem = problemOf(error);
    if (problem.failure !== 'TemporalUnavailable') return problem;
    // A server ends a question at our deadline by cancelling it, which looks like its own death: it is there if it says who works.
    const named = (): Problem => new Problem('WorkerUnavailable', { cause: error });
    return presence.seenSince(0).then(named, problemOf);
  }

  /** A refusal is known at once, however short the wait. */
  async function answered<T>(result: () => Promise<T>, waitMs: number): Promise<T | 'pending'> {
    try {
      return await within(Math.max(waitMs, 1), result);
    } catch (error) {
      if (isTimeUp(error)) return 'pending';
      throw error;
    }
  }

  return {
    send: async (start, message, waitMs) => {
      const { tenantId, conversationId } = start;
      try {
        const update = await accepted(
          () =>
            client.workflow.startUpdateWithStart(sendMessage, {
              args: [message],
              updateId: message.messageId,
              waitForStage: 'ACCEPTED',
              startWorkflowOperation: startOf(start),
            }),
          `Send it again with the same messageId, which never makes a second turn, or look at /api/conversations/${conversationId}/messages/${message.messageId}.`,
        );
        const reply = await answered(() => update.result(), waitMs);
        return reply === 'pending' ? { kind: 'pending' } : { kind: 'replied', reply };
      } catch (error) {
        throw problemOf(error);
      }

      function startOf({ channel, environment }: ConversationStart) {
        return new WithStartWorkflowOperation(bookingConversationType, {
          workflowId: conversationWorkflowId(tenantId, conversationId),
          taskQueue,
          args: [start],
          workflowIdConflictPolicy: 'USE_EXISTING',
          // A conversation that has ended stays ended.
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: `${channel} conversation ${conversationId}`,
          typedSearchAttributes: [
            ...runAttributes({ tenantId, environment }, 'conversation'),
            { key: searchAttributes.channel, value: channel },
            { key: searchAttributes.outcome, value: 'unknown' },
          ],
        });
      }
    },

    reply: async (tenantId, conversationId, messageId, waitMs) => {
      const handle = handleOf(tenantId, conversationId);
      try {
        const state = await within(queryLimitMs, () => handle.query(replyOf, messageId));
        if (state.kind !== 'pending' || waitMs === 0) return state;
        const reply = await answered(() => handle.getUpdateHandle<Reply>(messageId).result(), waitMs);
        return reply === 'pending' ? { kind: 'pending' } : { kind: 'replied', reply };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'unknown' };
        throw await unanswered(error);
      }
    },

    state: async (tenantId, conversationId) => {
      try {
        return await within(queryLimitMs, () => handleOf(tenantId, conversationId).query(conversationState));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw await unanswered(error);
      }
    },

    end: async (tenantId, conversationId, reason) => {
      try {
        const update = await accepted(
          () =>
            handleOf(tenantId, conversationId).startUpdate(endConversation, {
              args: [{ reason }],
              updateId: 'end',
              waitForStage: 'ACCEPTED',
            }),
          `Ending it again does no harm; look at /api/conversations/${conversationId}.`,
        );
        const state = await answered(() => update.result(), endLimitMs);
        return state === 'pending' ? { kind: 'ending' } : { kind: 'ended', state };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'neverStarted' };
        throw problemOf(error);
      }
    },

    brokenOff: async (tenantId, conversationIds) => {
      const isOver = async (conversationId: string): Promise<boolean> => {
        const { status } = await handleOf(tenantId, conversationId).describe();
        return status.name === 'TERMINATED' || status.name === 'TIMED_OUT';
      };
      try {
        return await within(queryLimitMs, async () => {
          if (conversationIds.length === 0) return new Set();
          const [only] = conversationIds;
          if (conversationIds.length === 1 && only !== undefined) {
            return new Set((await isOver(only)) ? [only] : []);
          }
          // The list of the server lags by a second and knows every run; what it names is looked up.
          const ids = new Map(conversationIds.map((id) => [conversationWorkflowId(tenantId, id), id]));
          const named = [...ids.keys()].map((id) => `"${id}"`).join(', ');
          const query = `WorkflowId IN (${named}) AND ExecutionStatus IN ("Terminated", "TimedOut")`;
          const over = new Set<string>();
          for await (const { workflowId } of client.workflow.list({ query })) {
            const id = ids.get(workflowId);
            if (id !== undefined && !over.has(id) && (await isOver(id))) over.add(id);
          }
          return over;
        });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return new Set();
        throw problemOf(error);
      }
    },

    repin: async (tenantId, conversationId, order) => {
      const updateId = randomUUID();
      try {
        const update = await accepted(
          () =>
            handleOf(tenantId, conversationId).startUpdate(repinConversation, {
              args: [order],
              updateId,
              waitForStage: 'ACCEPTED',
            }),
          `Repinning it again does no harm; look at /api/conversations/${conversationId}.`,
        );
        const state = await answered(() => update.result(), repinLimitMs);
        return { kind: state === 'pending' ? 'afterThisTurn' : 'moved' };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'neverStarted' };
        throw problemOf(error);
      }
    },

    order: async (tenantId, conversationId, orderId, order) => {
      const handle = handleOf(tenantId, conversationId);
      const options = { updateId: orderId, waitForStage: 'ACCEPTED' } as const;
      const ask = () => {
        switch (order.kind) {
          case 'handOff':
            return handle.startUpdate(handOff, { ...options, args: [order] });
          case 'say':
            return handle.startUpdate(staffMessage, { ...options, args: [order] });
          case 'return':
            return handle.startUpdate(returnToAgent, { ...options, args: [order] });
        }
      };
      try {
        const update = await accepted(ask, `Look at /api/conversations/${conversationId}.`);
        const state = await answered(() => update.result(), endLimitMs);
        if (state !== 'pending') return state;
      } catch (error) {
        throw problemOf(error);
      }
      // It was taken and is done after the write under way.
      throw new Problem('OutcomeUnknown', { detail: `Look at /api/conversations/${conversationId}.` });
    },

    bargeIn: async (tenantId, conversationId, heardChars) => {
      try {
        await within(acceptanceLimitMs, () =>
          handleOf(tenantId, conversationId).signal(bargeIn, { heardChars }),
        );
      } catch (error) {
        throw problemOf(error);
      }
    },

    ping: () => presence.check(),
  };
}
