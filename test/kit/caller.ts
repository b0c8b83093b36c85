import { randomUUID } from 'node:crypto';
import { readEvents, type EventReader } from './event-reader.js';
import type { ConversationSnapshot, Reply } from '../../workflows/booking-conversation/messages.js';

/** An answer of the API as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Somebody who writes to the practice, through the public door only. */
export interface Caller {
  readonly tenantId: string;
  readonly conversationId: string;
  /** Sends one message and waits for its reply, however long the turn takes; sends it again only when told that nothing was taken. */
  say(text: string, messageId?: string): Promise<Reply>;
  /** Sends one message and returns what HTTP answered. */
  post(
    text: string,
    options?: { readonly messageId?: string; readonly waitMs?: number },
  ): Promise<HttpAnswer>;
  /** Waits until the message is answered. */
  replyTo(messageId: string): Promise<Reply>;
  state(): Promise<ConversationSnapshot>;
  end(): Promise<HttpAnswer>;
  /** Any other request; `headers` win over the caller's own. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>;
  /** Watches the conversation's live events, from the start or after the given id. */
  watch(lastEventId?: string): Promise<EventReader>;
}

/** Who calls, how, and in which practice. */
export interface CallerOptions {
  readonly channel?: 'chat' | 'voice';
  readonly language?: 'en' | 'es';
  readonly tenantId?: string;
}

const patienceMs = 90_000;

export async function startCaller(apiUrl: string, token: string, begin: CallerOptions): Promise<Caller> {
  const { tenantId = 'bright-smiles' } = begin;
  const request: Caller['request'] = (method, path, body, headers) =>
    send(
      apiUrl,
      method,
      path,
      {
        authorization: `Bearer ${token}`,
        'x-tenant-id': tenantId,
        ...headers,
      },
      body,
    );
  const created = await request('POST', '/api/conversations', {
    channel: begin.channel ?? 'chat',
    language: begin.language ?? 'en',
    test: true,
  });
  const { conversationId } = created.body as { conversationId: string };
  if (created.status !== 201) throw new Error(`No conversation: ${JSON.stringify(created)}`);
  const base = `/api/conversations/${conversationId}`;

  const post: Caller['post'] = (text, { messageId = randomUUID(), waitMs } = {}) =>
    request('POST', `${base}/messages${waitMs === undefined ? '' : `?waitMs=${waitMs}`}`, {
      messageId,
      text,
    });

  const replyTo = async (messageId: string): Promise<Reply> => {
    const deadline = Date.now() + patienceMs;
    let last: HttpAnswer | undefined;
    while (Date.now() < deadline) {
      last = await request('GET', `${base}/messages/${messageId}?waitMs=5000`).catch(() => undefined);
      if (last?.status === 200) return last.body as Reply;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`No reply to ${messageId}: ${JSON.stringify(last)}`);
  };

  return {
    tenantId,
    conversationId,
    post,
    replyTo,
    request,
    say: async (text, messageId = randomUUID()) => {
      const answer = await post(text, { messageId });
      if (answer.status === 200) return answer.body as Reply;
      if (answer.status === 202) return replyTo(messageId);
      throw new Error(`The message was not taken: ${JSON.stringify(answer)}`);
    },
    watch: (lastEventId) =>
      readEvents(`${apiUrl}${base}/events`, {
        authorization: `Bearer ${token}`,
        'x-tenant-id': tenantId,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      }),
    state: async () => ((await request('GET', base)).body as { state: ConversationSnapshot }).state,
    end: () => request('POST', `${base}/end`, {}),
  };
}

/** Gives a practice an account of an outside system, as an administrator does. */
export async function putCredentials(
  apiUrl: string,
  token: string,
  tenantId: string,
  integration: string,
  account: object,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const path = `/api/tenants/${tenantId}/credentials/${integration}`;
  const answer = await send(apiUrl, 'PUT', path, headers, account);
  if (answer.status !== 200) throw new Error(`No credentials: ${JSON.stringify(answer)}`);
}

/** A token of this user. */
export async function logIn(
  apiUrl: string,
  login: { readonly email: string; readonly password: string },
): Promise<string> {
  const answer = await send(apiUrl, 'POST', '/api/auth/login', {}, login);
  if (answer.status !== 200) throw new Error(`No login: ${JSON.stringify(answer)}`);
  return (answer.body as { token: string }).token;
}

async function send(
  apiUrl: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<HttpAnswer> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}
