import { z } from 'zod';
import { outcomes } from '../../../domain/outcome.js';

/** What the routes of conversations take and answer. */
export const channel = z.enum(['chat', 'voice']);
export const language = z.enum(['en', 'es']);
export const status = z.enum(['open', 'handoff', 'closed']);
export const outcome = z.enum(outcomes);

export const params = z.strictObject({ id: z.uuid() });
export const messageParams = z.strictObject({ id: z.uuid(), messageId: z.uuid() });

/** How long a caller of the API waits at most, in ms. */
export const waitMs = z.coerce.number().int().min(0).max(60_000);

/** A conversation as lists show it. */
export const conversation = z.object({
  conversationId: z.string(),
  workflowId: z.string(),
  environment: z.enum(['sandbox', 'production']),
  channel,
  language,
  status,
  outcome,
  turns: z.number(),
  isTest: z.boolean(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  closedAtMs: z.number().nullable(),
  closeReason: z.string().nullable(),
});

const liveState = z.object({
  conversationId: z.string(),
  status,
  outcome,
  turn: z.number(),
  identityLevel: z.enum(['L0', 'L1', 'L2']),
  promptBundle: z.string().nullable(),
  waitingMessages: z.number(),
  hold: z.object({ ref: z.string(), expiresAtMs: z.number() }).nullable(),
  ledger: z.array(
    z.object({
      kind: z.enum(['booked', 'moved', 'cancelled']),
      appointmentRef: z.string(),
      appointmentGuid: z.string(),
      start: z.string(),
      locationKey: z.string(),
    }),
  ),
  modelCalls: z.number(),
  closeReason: z.string().nullable(),
});

/** A conversation with what its workflow says at this moment; `state` is null before the first message and long after the end. */
export const conversationWithState = conversation.extend({ state: liveState.nullable() });

export const reply = z.object({
  messageId: z.string(),
  turn: z.number(),
  entryId: z.string(),
  text: z.string(),
  language,
  status,
  outcome,
  promptBundle: z.string(),
});

/** The message was taken; its reply is at `statusUrl`. */
export const pending = z.object({
  messageId: z.string(),
  status: z.literal('pending'),
  statusUrl: z.string(),
});
