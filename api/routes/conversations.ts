import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { outcomes } from '../../domain/outcome.js';
import type { Environment } from '../../domain/tenant.js';
import type { ConversationRow } from '../../platform/store/conversations.js';
import type { Store } from '../../platform/store/store.js';
import { conversationWorkflowId } from '../../workflows/ids.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import { spokenLines } from './spoken-lines.js';

const channel = z.enum(['chat', 'voice']);
const language = z.enum(['en', 'es']);
const status = z.enum(['open', 'handoff', 'closed']);
const outcome = z.enum(outcomes);
const params = z.strictObject({ id: z.uuid() });
const messageParams = z.strictObject({ id: z.uuid(), messageId: z.uuid() });
const waitMs = z.coerce.number().int().min(0).max(60_000);

const row = z.object({
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

const reply = z.object({
  messageId: z.string(),
  turn: z.number(),
  entryId: z.string(),
  text: z.string(),
  language,
  status,
  outcome,
  promptBundle: z.string(),
});

const pending = z.object({ messageId: z.string(), status: z.literal('pending'), statusUrl: z.string() });

const snapshot = z.object({
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

const view = ({
  tenantId,
  promptBundle: _b,
  callerNumberHash: _h,
  ...found
}: ConversationRow): z.output<typeof row> => ({
  ...found,
  workflowId: conversationWorkflowId(tenantId, found.conversationId),
});

/** The conversation of this tenant and environment; anybody else's does not exist here. */
async function find(
  store: Store,
  tenantId: string,
  environment: Environment,
  id: string,
): Promise<ConversationRow> {
  const found = await store.conversations.get(tenantId, environment, id);
  if (!found) throw new Problem('ConversationNotFound');
  return found;
}

const stillPending = (
  conversationId: string,
  messageId: string,
): { readonly status: 202; readonly body: z.output<typeof pending> } => ({
  status: 202,
  body: {
    messageId,
    status: 'pending',
    statusUrl: `/api/conversations/${conversationId}/messages/${messageId}`,
  },
});

export const beginConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations',
  role: 'operator',
  summary: 'Begins a conversation; its workflow starts with the first message',
  body: z.strictObject({
    channel: channel.default('chat'),
    language: language.default('en'),
    /** Only a hash of it is kept. */
    callerNumber: z.string().min(7).max(20).optional(),
    test: z.boolean().default(false),
  }),
  answers: { 201: row },
  handle: async ({ tenant, environment, body, correlate }, { store }) => {
    if (!tenant.channels.includes(body.channel) || !tenant.languages.includes(body.language)) {
      throw new Problem('ValidationFailed', {
        errors: [
          {
            path: 'channel, language',
            message: `this practice serves ${tenant.channels.join(', ')} in ${tenant.languages.join(', ')}`,
          },
        ],
      });
    }
    const conversationId = randomUUID();
    correlate(conversationWorkflowId(tenant.slug, conversationId));
    const created = await store.conversations.create({
      tenantId: tenant.slug,
      environment,
      conversationId,
      channel: body.channel,
      language: body.language,
      isTest: body.test,
      callerNumberHash: body.callerNumber
        ? createHash('sha256').update(`${tenant.slug}\n${body.callerNumber}`).digest('hex')
        : null,
    });
    return { status: 201, body: view(created) };
  },
});

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
  ],
  handle: async (
    { tenant, environment, params: { id }, query, body, correlate },
    { store, conversations },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await find(store, tenant.slug, environment, id);
    const start = {
      tenantId: tenant.slug,
      environment,
      conversationId: id,
      channel: found.channel,
      language: found.language,
      isTest: found.isTest,
    };
    const sent = await conversations.send(start, body, query.waitMs);
    if (sent.kind === 'replied') return { status: 200, body: sent.reply };
    return stillPending(id, body.messageId);
  },
});

export const getReply = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}/messages/{messageId}',
  role: 'viewer',
  summary: 'The reply to a message, or 202 while it is being worked on',
  params: messageParams,
  query: z.strictObject({ waitMs: waitMs.default(0) }),
  answers: { 200: reply, 202: pending },
  failures: ['ConversationNotFound', 'MessageNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async (
    { tenant, environment, params: { id, messageId }, query, correlate },
    { store, conversations },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await find(store, tenant.slug, environment, id);
    const state = await conversations.reply(tenant.slug, id, messageId, query.waitMs);
    if (state.kind === 'replied') return { status: 200, body: state.reply };
    if (state.kind === 'pending') return stillPending(id, messageId);
    // The workflow forgets old messages, and the server old workflows; the transcript keeps both.
    const kept = keptReply(await store.transcript.load(tenant.slug, id), messageId, found);
    if (!kept) throw new Problem('MessageNotFound');
    return { status: 200, body: kept };
  },
});

function keptReply(
  entries: Awaited<ReturnType<Store['transcript']['load']>>,
  messageId: string,
  conversation: ConversationRow,
): z.output<typeof reply> | null {
  const asked = entries.findIndex((entry) =>
    entry.messages.some((message) => message.messageId === messageId),
  );
  if (asked < 0) return null;
  const said = entries
    .slice(asked)
    .find((entry) => entry.role !== 'caller' && entry.delivered && entry.say !== null);
  if (said?.say === null || said === undefined) return null;
  const turn = Number(/^t(\d+)/.exec(said.entryId)?.[1] ?? 0);
  const { language: spokenIn, status: now, outcome: result } = conversation;
  const { entryId, say, promptBundle } = said;
  return {
    messageId,
    turn,
    entryId,
    text: say,
    language: spokenIn,
    status: now,
    outcome: result,
    promptBundle,
  };
}

export const getConversation = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}',
  role: 'viewer',
  summary: 'A conversation with its live state',
  params,
  answers: { 200: row.extend({ state: snapshot.nullable() }) },
  failures: ['ConversationNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async ({ tenant, environment, params: { id }, correlate }, { store, conversations }) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await find(store, tenant.slug, environment, id);
    return { status: 200, body: { ...view(found), state: await conversations.state(tenant.slug, id) } };
  },
});

export const getTranscript = tenantRoute({
  method: 'get',
  path: '/api/conversations/{id}/transcript',
  role: 'viewer',
  summary: 'What the caller wrote and what they were really told, oldest first',
  params,
  answers: {
    200: z.object({
      lines: z.array(
        z.object({
          who: z.enum(['caller', 'agent']),
          text: z.string(),
          atMs: z.number(),
          entryId: z.string(),
          promptBundle: z.string(),
          messageId: z.string().nullable(),
        }),
      ),
    }),
  },
  failures: ['ConversationNotFound'],
  handle: async ({ tenant, environment, params: { id }, correlate }, { store }) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    await find(store, tenant.slug, environment, id);
    return { status: 200, body: { lines: spokenLines(await store.transcript.load(tenant.slug, id)) } };
  },
});

export const endConversation = tenantRoute({
  method: 'post',
  path: '/api/conversations/{id}/end',
  role: 'operator',
  summary: 'Ends a conversation and gives its holds back; a booking under way is finished',
  params,
  body: z.strictObject({ reason: z.string().trim().min(1).max(200).default('ended by an operator') }),
  answers: { 200: row.extend({ state: snapshot.nullable() }) },
  failures: ['ConversationNotFound', 'WorkerUnavailable', 'TemporalUnavailable'],
  handle: async (
    { tenant, environment, params: { id }, body, correlate },
    { store, conversations, clock },
  ) => {
    correlate(conversationWorkflowId(tenant.slug, id));
    const found = await find(store, tenant.slug, environment, id);
    const state = found.status === 'closed' ? null : await conversations.end(tenant.slug, id, body.reason);
    if (!state && found.status !== 'closed') {
      await store.conversations.update(tenant.slug, id, {
        status: 'closed',
        closeReason: body.reason,
        closedAtMs: clock.nowMs(),
      });
    }
    return { status: 200, body: { ...view(await find(store, tenant.slug, environment, id)), state } };
  },
});

export const listConversations = tenantRoute({
  method: 'get',
  path: '/api/conversations',
  role: 'viewer',
  summary: 'Conversations, newest first',
  query: z.strictObject({
    status: status.optional(),
    outcome: outcome.optional(),
    channel: channel.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().optional(),
  }),
  answers: { 200: z.object({ conversations: z.array(row), nextCursor: z.string().nullable() }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const { rows, nextCursor } = await store.conversations.list(tenant.slug, environment, filter, {
      limit,
      cursor,
    });
    return { status: 200, body: { conversations: rows.map(view), nextCursor } };
  },
});
