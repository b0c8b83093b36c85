import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { findConversation, stillPending } from './answers.js';
import { keptReply } from './kept-reply.js';
import { params, pending, reply, waitMs } from './shapes.js';

export const sendMessage = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/messages',
  role: 'operator',
  summary: 'Sends one caller message and waits for its reply; the same messageId again gets the same reply',
  params,
  query: z.strictObject({ waitMs: waitMs.default(25_000) }),
  body: z.strictObject({ messageId: z.uuid(), text: z.string().trim().min(1).max(2_000) }),
  answers: { 200: reply, 202: pending },
  failures: [
    'ConversationNotFound',
    'ConversationClosed',
    'InboxFull',
    'WorkerUnavailable',
    'TemporalUnavailable',
    'OutcomeUnknown',
  ],
  handle: async (
    { tenant, environment, params: { id }, query, body, correlate },
    { store, conversations },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await findConversation(store, tenant.slug, environment, id);
    if (found.status === 'closed') {
      // Its workflow takes nothing any more, but a client that missed the last reply may ask again.
      const kept = keptReply(await store.transcript.load(tenant.slug, id), body.messageId, found);
      if (!kept) throw new Problem('ConversationClosed');
      return { status: 200, body: kept };
    }
    if (await store.transcript.holdsMessage(tenant.slug, id, body.messageId)) {
      // Sent again. The workflow carries its latest replies only; an older message must not become a second turn.
      const known = await conversations.reply(tenant.slug, id, body.messageId, 0);
      if (known.kind === 'replied') return { status: 200, body: known.reply };
      const kept =
        known.kind === 'unknown' &&
        keptReply(await store.transcript.load(tenant.slug, id), body.messageId, found);
      if (kept) return { status: 200, body: kept };
    }
    const { channel, language, isTest } = found;
    const start = { tenantId: tenant.slug, environment, conversationId: id, channel, language, isTest };
    const sent = await conversations.send(start, body, query.waitMs);
    if (sent.kind === 'replied') return { status: 200, body: sent.reply };
    return stillPending(id, body.messageId);
  },
});
