import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isFailureType } from '../../domain/failures.js';
import { Problem } from '../problems.js';

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
export function isTimeUp(error: unknown): boolean {
  const code = grpcCode(error);
  const isUpdate = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
  // A deadline that passes between two tries of the SDK, or in mid-stream, comes as a cancelled update call; nobody else cancels one.
  if (code === grpc.cancelled) return isUpdate;
  // The SDK wraps every broken update call alike; a server that is away is no end of our wait.
  if (code !== undefined) return code === grpc.deadlineExceeded;
  return isUpdate;
}

/** Every error of the Temporal client as a row of the failure table. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      return new Problem(cause.type, { detail: cause.message || undefined, cause: error });
    }
    return new Problem('Internal', { cause: error });
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) {
    return new Problem('ConversationClosed', { cause: error });
  }
  if (isTimeUp(error)) return new Problem('WorkerUnavailable', { cause: error });
  const code = grpcCode(error);
  if (code === grpc.failedPrecondition) return new Problem('WorkerUnavailable', { cause: error });
  if (code === grpc.resourceExhausted) return new Problem('InboxFull', { cause: error });
  if (code === grpc.unavailable || code === grpc.cancelled) {
    return new Problem('TemporalUnavailable', { cause: error });
  }
  return new Problem('Internal', { cause: error });
}
