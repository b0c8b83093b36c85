import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../platform/config/config.js';
import type { Reply } from '../../workflows/booking-conversation/messages.js';
import { firstPasswordPath, readFirstPassword } from '../dev-stack/first-password.js';
import { httpDoor, Refused, type HttpDoor } from './http-door.js';

const pollMs = 500;

/** The API as the first administrator, in the sandbox environment of one practice. Throws an Error that says what to do without a login. */
export async function logIn(apiUrl: string, config: Config, tenant: string): Promise<HttpDoor> {
  const email = config.masterAdminEmail;
  const password = config.masterAdminPassword?.reveal() ?? readFirstPassword(config.dataDir);
  if (password === null) {
    throw new Error(
      `No password of ${email}: neither MASTER_ADMIN_PASSWORD nor ${firstPasswordPath(config.dataDir)} is there. ` +
        'Run the demo in the folder of `npm start`, after it has said that it is ready.',
    );
  }
  try {
    const { token } = await httpDoor(apiUrl, {}).post<{ token: string }>('/api/auth/login', {
      email,
      password,
    });
    return httpDoor(apiUrl, {
      authorization: `Bearer ${token}`,
      'x-tenant-id': tenant,
      'x-environment': 'sandbox',
    });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    throw new Error(
      `${email} has another password by now. Give it as MASTER_ADMIN_PASSWORD and run the demo again.`,
      { cause: error },
    );
  }
}

/** Sends one caller message and waits for its reply, however long the turn takes. */
export async function say(api: HttpDoor, conversation: string, text: string): Promise<Reply> {
  const messageId = randomUUID();
  const message = `${conversation}/messages/${messageId}`;
  let answer = await api.post<Partial<Reply>>(`${conversation}/messages`, { messageId, text });
  while (answer.text === undefined) {
    await sleep(pollMs);
    answer = await api.get<Partial<Reply>>(`${message}?waitMs=20000`);
  }
  return answer as Reply;
}
