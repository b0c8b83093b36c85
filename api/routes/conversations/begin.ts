import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { conversationWorkflowId } from '../../../workflows/ids.js';
import { Problem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import { withWorkflowId } from './answers.js';
import { channel, conversation, language } from './shapes.js';

/** Digits with the signs that people put between them. */
const callerNumber = z
  .string()
  .max(30)
  .refine((text) => /^\+?[\d\s().-]+$/.test(text) && /^\d{7,15}$/.test(text.replace(/\D/g, '')), {
    error: 'must be a telephone number of 7 to 15 digits',
  });

export const beginConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations',
  role: 'operator',
  summary: 'Begins a conversation; its workflow starts with the first message',
  body: z.strictObject({
    channel: channel.default('chat'),
    language: language.default('en'),
    /** Only a keyed hash of it is kept. */
    callerNumber: callerNumber.optional(),
    test: z.boolean().default(false),
  }),
  answers: { 201: conversation },
  handle: async ({ tenant, environment, body, correlate }, { store, pseudonyms }) => {
    const errors = [
      ...(tenant.channels.includes(body.channel)
        ? []
        : [{ path: 'channel', message: `this practice serves ${tenant.channels.join(', ')}` }]),
      ...(tenant.languages.includes(body.language)
        ? []
        : [{ path: 'language', message: `this practice speaks ${tenant.languages.join(', ')}` }]),
    ];
    if (errors.length > 0) throw new Problem('ValidationFailed', { errors });
    const conversationId = randomUUID();
    correlate(conversationWorkflowId(tenant.slug, conversationId));
    const created = await store.conversations.create({
      tenantId: tenant.slug,
      environment,
      conversationId,
      channel: body.channel,
      language: body.language,
      isTest: body.test,
      callerNumberHash:
        body.callerNumber === undefined ? null : pseudonyms.ofPhoneNumber(tenant.slug, body.callerNumber),
    });
    return { status: 201, body: withWorkflowId(created) };
  },
});
