import { randomUUID } from 'node:crypto';
import type { Stack } from './stack.js';

export interface DeskAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Somebody with a token who uses the API on behalf of one practice. */
export interface Desk {
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<DeskAnswer>;
}

const send = async (
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<DeskAnswer> => {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as DeskAnswer['body'],
  };
};

async function logIn(apiUrl: string, email: string, password: string, tenantId: string): Promise<Desk> {
  const login = await send(`${apiUrl}/api/auth/login`, 'POST', {}, { email, password });
  if (login.status !== 200) throw new Error(`No login: ${JSON.stringify(login)}`);
  const own = { authorization: `Bearer ${String(login.body['token'])}`, 'x-tenant-id': tenantId };
  return {
    call: (method, path, body, headers) => send(`${apiUrl}${path}`, method, { ...own, ...headers }, body),
  };
}

/** The administrator, for one practice. */
export function openDesk(stack: Stack, tenantId = 'bright-smiles'): Promise<Desk> {
  const { masterAdminEmail, masterAdminPassword } = stack.config;
  return logIn(stack.apiUrl, masterAdminEmail, masterAdminPassword?.reveal() ?? '', tenantId);
}

/** A new user with a role at one practice who asks for another, or the same. */
export async function openDeskOf(
  stack: Stack,
  member: { readonly tenantId: string; readonly role: 'viewer' | 'operator' },
  asksFor = member.tenantId,
): Promise<Desk> {
  const admin = await openDesk(stack);
  const email = `${randomUUID()}@example.invalid`;
  const password = 'Invented-Password-2';
  const created = await admin.call('POST', '/api/users', {
    email,
    password,
    role: member.role,
    memberships: [member],
  });
  if (created.status !== 201) throw new Error(`No user: ${JSON.stringify(created)}`);
  return logIn(stack.apiUrl, email, password, asksFor);
}
