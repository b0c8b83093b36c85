import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FailureType } from '../../../domain/failures.js';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { leaveAudit } from '../../audit.js';
import { tenantRoute, type Actor, type Origin, type TenantScope } from '../../route.js';
import type { ApiServices } from '../../services.js';
import type { StaffOrder } from '../../temporal/conversations.js';
import { findConversation, withWorkflowId } from './answers.js';
import { conversationWithState, params } from './shapes.js';

const failures: FailureType[] = [
  'ConversationNotFound',
  'ConversationClosed',
  'WorkerUnavailable',
  'TemporalUnavailable',
  'OutcomeUnknown',
];

/** Carries one order of a colleague out and leaves its audit row. Words to the caller stay in the transcript, not in the row. */
async function carryOut(
  call: Actor & TenantScope & Origin & { readonly correlate: (id: string) => void },
  { store, conversations }: ApiServices,
  id: string,
  orderId: string,
  order: StaffOrder,
): Promise<z.input<typeof conversationWithState>> {
  const { tenant, environment } = call;
  call.correlate(conversationWorkflowId(tenant.slug, id));
  await findConversation(store, tenant.slug, environment, id);
  const state = await conversations.order(tenant.slug, id, orderId, order);
  await leaveAudit(store, call, {
    tenantId: tenant.slug,
    action: `conversation.${order.kind}`,
    target: id,
    ...(order.kind === 'handOff' && { detail: { reason: order.reason } }),
  });
  return {
    ...withWorkflowId(await findConversation(store, tenant.slug, environment, id)),
    state: { ...state, ledger: [...state.ledger] },
  };
}

export const handOffConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/handoff',
  role: 'operator',
  summary: 'Takes a conversation over from the agent, which falls silent until it is given back',
  params,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500).default('taken over by a colleague') }),
  answers: { 200: conversationWithState },
  failures,
  handle: async (call, services) => {
    const order = { kind: 'handOff', userId: call.user.userId, reason: call.body.reason } as const;
    const { id } = call.params;
    return { status: 200, body: await carryOut(call, services, id, `handoff.${randomUUID()}`, order) };
  },
});

export const sendStaffMessage = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/staff-message',
  role: 'operator',
  summary:
    'Says something to the caller while a colleague has the conversation; the same messageId is said once',
  params,
  body: z.strictObject({ messageId: z.uuid(), text: z.string().trim().min(1).max(2_000) }),
  answers: { 200: conversationWithState },
  failures: [...failures, 'NotHandedOff'],
  handle: async (call, services) => {
    const order = { kind: 'say', userId: call.user.userId, ...call.body } as const;
    const { id } = call.params;
    return { status: 200, body: await carryOut(call, services, id, `staff.${order.messageId}`, order) };
  },
});

export const returnConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/return',
  role: 'operator',
  summary: 'Gives a conversation back to the agent, with a note for it',
  params,
  body: z.strictObject({ note: z.string().trim().max(500).default('') }),
  answers: { 200: conversationWithState },
  failures: [...failures, 'NotHandedOff'],
  handle: async (call, services) => {
    const order = { kind: 'return', userId: call.user.userId, note: call.body.note } as const;
    const { id } = call.params;
    return { status: 200, body: await carryOut(call, services, id, `return.${randomUUID()}`, order) };
  },
});
