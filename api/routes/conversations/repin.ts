import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { bundleHash, reason } from '../prompt-views.js';
import { findConversation } from './answers.js';
import { params } from './shapes.js';

const repinned = z.object({
  conversationId: z.string(),
  from: z.string().nullable(),
  to: z.string(),
});

export const repinConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/repin',
  role: 'operator',
  summary:
    'Moves one running conversation to another prompt bundle; 202 while the turn under way ends with the old one',
  params,
  body: z.strictObject({ bundle: bundleHash, reason }),
  answers: { 200: repinned, 202: repinned },
  failures: [
    'ConversationNotFound',
    'ConversationClosed',
    'RecordNotFound',
    'WorkerUnavailable',
    'TemporalUnavailable',
    'OutcomeUnknown',
  ],
  handle: async (call, { store, conversations }) => {
    const { tenant, environment, body } = call;
    const { id } = call.params;
    call.correlate(conversationWorkflowId(tenant.slug, id));
    const found = await findConversation(store, tenant.slug, environment, id);
    if (found.status === 'closed') throw new Problem('ConversationClosed');
    if (!(await store.promptBundles.get(tenant.slug, body.bundle))) {
      throw new Problem('RecordNotFound', { detail: 'This bundle is not registered.' });
    }
    const order = { promptBundle: body.bundle, reason: body.reason };
    const { kind } = await conversations.repin(tenant.slug, id, order);
    if (kind === 'neverStarted') {
      // Its first message will read the row.
      await store.conversations.update(tenant.slug, id, { promptBundle: body.bundle });
    }
    const moved = { from: found.promptBundle, to: body.bundle };
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'conversation.repin',
      target: id,
      detail: { ...moved, reason: body.reason },
    });
    return { status: kind === 'afterThisTurn' ? 202 : 200, body: { conversationId: id, ...moved } };
  },
});
