import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  QueryNotRegisteredError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isFailureType } from '../../domain/failures.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import {
  bookingConversationType,
  conversationState,
  endConversation,
  replyOf,
  sendMessage,
  type CallerMessage,
  type ConversationSnapshot,
  type ConversationStart,
  type Reply,
  type ReplyState,
} from '../../workflows/booking-conversation/messages.js';
import { Problem } from '../problems.js';

/** The workflow side of conversations. This file is the only one of the API that knows the Temporal client. */
export interface Conversations {
  /**
   * Hands a caller message to its conversation, which it starts with the first one, and waits at most `waitMs` for the reply. `pending`
   * means that it was taken and the reply will come; asking again with the same message id never makes a second turn.
   */
  send(
    start: ConversationStart,
    message: CallerMessage,
    waitMs: number,
  ): Promise<{ kind: 'replied'; reply: Reply } | { kind: 'pending' }>;
  /** Waits at most `waitMs` for a reply that was pending. */
  reply(tenantId: string, conversationId: string, messageId: string, waitMs: number): Promise<ReplyState>;
  /** Null when the conversation has no workflow: no message yet, or it ended so long ago that the server forgot it. */
  state(tenantId: string, conversationId: string): Promise<ConversationSnapshot | null>;
  end(tenantId: string, conversationId: string, reason: string): Promise<ConversationSnapshot | null>;
  /** Throws TemporalUnavailable or WorkerUnavailable. */
  ping(): Promise<void>;
}

/** A message is taken within milliseconds when a worker is there. */
const acceptanceLimitMs = 10_000;
const queryLimitMs = 5_000;
const pingLimitMs = 2_000;

export function createConversations(client: Client, namespace: string): Conversations {
  const handleOf = (tenantId: string, conversationId: string): ReturnType<Client['workflow']['getHandle']> =>
    client.workflow.getHandle(conversationWorkflowId(tenantId, conversationId));

  const answerOf = async (
    work: Promise<Reply>,
  ): Promise<{ kind: 'replied'; reply: Reply } | { kind: 'pending' }> => {
    try {
      return { kind: 'replied', reply: await work };
    } catch (error) {
      if (isTimeUp(error)) return { kind: 'pending' };
      throw problemOf(error);
    }
  };

  return {
    send: async (start, message, waitMs) => {
      const update = await guarded(() =>
        client.withDeadline(Date.now() + acceptanceLimitMs, () =>
          client.workflow.startUpdateWithStart(sendMessage, {
            args: [message],
            updateId: message.messageId,
            waitForStage: 'ACCEPTED',
            startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
              workflowId: conversationWorkflowId(start.tenantId, start.conversationId),
              taskQueue,
              args: [start],
              workflowIdConflictPolicy: 'USE_EXISTING',
              // A conversation that has ended stays ended.
              workflowIdReusePolicy: 'REJECT_DUPLICATE',
              staticSummary: `${start.channel} conversation ${start.conversationId}`,
              typedSearchAttributes: [
                { key: searchAttributes.tenantId, value: start.tenantId },
                { key: searchAttributes.environment, value: start.environment },
                { key: searchAttributes.kind, value: 'conversation' },
                { key: searchAttributes.channel, value: start.channel },
                { key: searchAttributes.outcome, value: 'unknown' },
              ],
            }),
          }),
        ),
      );
      if (waitMs === 0) return { kind: 'pending' };
      return answerOf(client.withDeadline(Date.now() + waitMs, () => update.result()));
    },

    reply: async (tenantId, conversationId, messageId, waitMs) => {
      const handle = handleOf(tenantId, conversationId);
      const ask = (): Promise<ReplyState> =>
        client.withDeadline(Date.now() + queryLimitMs, () => handle.query(replyOf, messageId));
      try {
        const state = await ask();
        if (state.kind !== 'pending' || waitMs === 0) return state;
        const answer = await answerOf(
          client.withDeadline(Date.now() + waitMs, () => handle.getUpdateHandle<Reply>(messageId).result()),
        );
        return answer;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'unknown' };
        throw problemOf(error);
      }
    },

    state: async (tenantId, conversationId) => {
      try {
        return await client.withDeadline(Date.now() + queryLimitMs, () =>
          handleOf(tenantId, conversationId).query(conversationState),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw problemOf(error);
      }
    },

    end: async (tenantId, conversationId, reason) => {
      try {
        return await client.withDeadline(Date.now() + acceptanceLimitMs, () =>
          handleOf(tenantId, conversationId).executeUpdate(endConversation, { args: [{ reason }] }),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw problemOf(error);
      }
    },

    ping: async () => {
      const queue = await guarded(() =>
        client.withDeadline(Date.now() + pingLimitMs, () =>
          client.workflowService.describeTaskQueue({
            namespace,
            taskQueue: { name: taskQueue },
            taskQueueType: 1,
          }),
        ),
      );
      if ((queue.pollers ?? []).length === 0) throw new Problem('WorkerUnavailable');
    },
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw problemOf(error);
  }
}

/** gRPC codes; see https://grpc.io/docs/guides/status-codes/. */
const grpc = {
  cancelled: 1,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unavailable: 14,
} as const;

function grpcCode(error: unknown): number | undefined {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 5; link = link.cause, depth++) {
    if (isGrpcServiceError(link)) return link.code;
  }
  return undefined;
}

/** Our own wait has ended; what was asked for goes on. */
const isTimeUp = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || grpcCode(error) === grpc.deadlineExceeded;

/** Every error of the client as a row of the failure table. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    const type = cause instanceof ApplicationFailure ? cause.type : undefined;
    return new Problem(isFailureType(type) ? type : 'Internal', { cause: error });
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return new Problem('ConversationClosed', { cause: error });
  if (error instanceof WorkflowNotFoundError) return new Problem('ConversationClosed', { cause: error });
  if (error instanceof QueryNotRegisteredError) return new Problem('Internal', { cause: error });
  const code = grpcCode(error);
  if (isTimeUp(error) || code === grpc.failedPrecondition)
    return new Problem('WorkerUnavailable', { cause: error });
  if (code === grpc.resourceExhausted) return new Problem('InboxFull', { cause: error });
  if (code === grpc.unavailable || code === grpc.cancelled)
    return new Problem('TemporalUnavailable', { cause: error });
  return new Problem('Internal', { cause: error });
}
