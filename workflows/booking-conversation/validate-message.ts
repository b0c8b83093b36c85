import { ApplicationFailure } from '@temporalio/workflow';
import type { CallerMessage } from './messages.js';

/** One below what the server allows in flight (10), so that the caller reads our failure instead of RESOURCE_EXHAUSTED (temporal.md 1). */
const mostWaiting = 8;

const longestText = 2_000;

/**
 * Refuses a message before anything is written to the history. Synchronous by necessity: an async validator fails the workflow task
 * instead of the update (temporal.md 1). Throws MessageInvalid, ConversationClosed or InboxFull.
 */
export function refuseMessage(
  message: CallerMessage,
  inbox: { readonly closed: boolean; readonly waiting: number },
): void {
  const { messageId, text } = message;
  if (typeof messageId !== 'string' || messageId.length === 0 || messageId.length > 64) {
    throw ApplicationFailure.nonRetryable(
      'A message needs an id of at most 64 characters.',
      'MessageInvalid',
    );
  }
  if (typeof text !== 'string' || text.trim() === '' || text.length > longestText) {
    throw ApplicationFailure.nonRetryable(
      `A message needs a text of 1 to ${longestText} characters.`,
      'MessageInvalid',
    );
  }
  if (inbox.closed)
    throw ApplicationFailure.nonRetryable('This conversation has ended.', 'ConversationClosed');
  if (inbox.waiting >= mostWaiting) {
    throw ApplicationFailure.nonRetryable(
      'Too many messages wait for an answer. Send this one again later.',
      'InboxFull',
    );
  }
}
