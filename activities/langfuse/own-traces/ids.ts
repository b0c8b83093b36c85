import { createHash } from 'node:crypto';

/**
 * Ids of one conversation's traces: hashes of what names its workflow and of the business step, so that they are the same however often
 * they are built, and by whichever process (langfuse.md 13). In the form that OTLP wants, on both ways.
 */
export interface OwnIds {
  trace(turn: number): string;
  observation(...step: readonly (string | number)[]): string;
  /** Names the event in our outbox and in Langfuse's envelope. */
  event(...step: readonly (string | number)[]): string;
}

export function ownIds(tenantId: string, conversationId: string): OwnIds {
  const hex = (digits: number, kind: string, step: readonly (string | number)[]): string =>
    createHash('sha256')
      .update(JSON.stringify(['chairside', tenantId, conversationId, kind, ...step]))
      .digest('hex')
      .slice(0, digits);
  return {
    trace: (turn) => hex(32, 'trace', [turn]),
    observation: (...step) => hex(16, 'observation', step),
    event: (...step) => hex(32, 'event', step),
  };
}
