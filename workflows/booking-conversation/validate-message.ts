import { ApplicationFailure } from '@temporalio/workflow';

/** Two below what the server allows in flight (10): the caller reads our failure instead of RESOURCE_EXHAUSTED, and an end still gets in (temporal.md 1). */
const mostWaiting = 8;

const longestId = 64;
const longestText = 2_000;
const longestReason = 200;

interface Inbox {
  readonly closed: boolean;
  readonly waiting: number;
  /** True for a message that is answered or being answered: asking for it again is always allowed. */
  readonly knows: (messageId: string) => boolean;
}

/**
 * Refuses a message before anything is written to the history. What it gets comes from outside and may be anything. Synchronous by
 * necessity: an async validator fails the workflow task instead of the update (temporal.md 1). Throws MessageInvalid, ConversationClosed or
 * InboxFull.
 */
export function refuseMessage(message: unknown, inbox: Inbox): void {
  const messageId = field(message, 'messageId');
  const text = field(message, 'text');
  if (typeof messageId !== 'string' || messageId.length === 0 || messageId.length > longestId)
    throw invalid(`A message needs an id of at most ${longestId} characters.`);
  if (typeof text !== 'string' || text.trim() === '' || text.length > longestText)
    throw invalid(`A message needs a text of 1 to ${longestText} characters.`);
  if (inbox.knows(messageId)) return;
  if (inbox.closed)
    throw ApplicationFailure.nonRetryable('This conversation has ended.', 'ConversationClosed');
  if (inbox.waiting >= mostWaiting) {
    throw ApplicationFailure.nonRetryable(
      'Too many messages wait for an answer. Send this one again later.',
      'InboxFull',
    );
  }
}

/** Refuses an end without a reason: a handler that stumbles over one would stop the whole workflow task (temporal.md 1). Throws MessageInvalid. */
export function refuseEnd(request: unknown): void {
  const reason = field(request, 'reason');
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > longestReason)
    throw invalid(`An end needs a reason of 1 to ${longestReason} characters.`);
}

/** Refuses what is not the hash of a bundle, and every order after the end. Throws MessageInvalid or ConversationClosed. */
export function refuseRepin(order: unknown, closed: boolean): void {
  const promptBundle = field(order, 'promptBundle');
  if (typeof promptBundle !== 'string' || !/^[0-9a-f]{64}$/.test(promptBundle))
    throw invalid('A prompt bundle is named by its hash.');
  if (closed) throw ApplicationFailure.nonRetryable('This conversation has ended.', 'ConversationClosed');
}

/** Refuses an order of staff that does not fit: `texts` names its fields and their longest length. Throws MessageInvalid, ConversationClosed, NotHandedOff. */
export function refuseOrder(
  order: unknown,
  texts: Readonly<Record<string, number>>,
  standing: { readonly closed: boolean; readonly handedOff: boolean },
): void {
  for (const [name, longest] of Object.entries(texts)) {
    const text = field(order, name);
    if (typeof text !== 'string' || text.length > longest)
      throw invalid(`An order needs "${name}" of at most ${longest} characters.`);
  }
  if (standing.closed)
    throw ApplicationFailure.nonRetryable('This conversation has ended.', 'ConversationClosed');
  if (!standing.handedOff)
    throw ApplicationFailure.nonRetryable('The agent has this conversation.', 'NotHandedOff');
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const invalid = (message: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, 'MessageInvalid');
