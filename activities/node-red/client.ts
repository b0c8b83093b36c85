import { Secret } from '../../platform/config/secret.js';
import type { NodeRedAccess } from '../../platform/node-red-access.js';
import type { PostAnswer } from '../../domain/flows/deploy-outcome.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { loginRefused, lost, NodeRedError, refused } from './errors.js';
import type { Tokens } from './tokens.js';
import { exchange, type WireAnswer } from './transport.js';

/** A row of `GET /nodes`. */
export interface PaletteRow {
  readonly module: string;
  readonly version: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  /** Why the module could not be loaded. */
  readonly err?: unknown;
}

/** What an instance says about itself. */
export interface InstanceFacts {
  readonly version: string;
  readonly flowEncryption: string;
  readonly state: string;
  readonly maxBodyBytes: number;
}

/** `open` = everybody who reaches the address may run code there. */
export type AuthKind = 'open' | 'credentials' | 'strategy';

export interface NodeRedClient {
  authKind(): Promise<AuthKind>;
  facts(): Promise<InstanceFacts>;
  palette(): Promise<readonly PaletteRow[]>;
  flows(): Promise<{ readonly rev: string; readonly flows: readonly FlowNode[] }>;
  /**
   * Sends once and tells what came back within `limitMs`; what an unclear answer did is not guessed here. Throws what the login failed with.
   */
  post(
    flows: readonly FlowNode[],
    options: { readonly rev: string; readonly type: 'flows' | 'full'; readonly limitMs: number },
  ): Promise<PostAnswer>;
  /** Loads the flows and credentials of the disk again and restarts everything. */
  reload(limitMs: number): Promise<void>;
  /** The only proof of life: `/flows/state` says `start` even when nothing runs (node-red.md 4.1). */
  isLive(nodeId: string): Promise<boolean>;
  /** Which credential fields of a node are set; never their values. Null when this instance does not tell. */
  presence(type: string, nodeId: string): Promise<readonly string[] | null>;
  inject(nodeId: string): Promise<boolean>;
}

/** Reads answer in milliseconds; a node whose constructor blocks the process makes them wait for seconds. */
const readLimitMs = 15_000;

export interface ClientOptions {
  readonly url: string;
  readonly access: NodeRedAccess;
  readonly tokens: Tokens;
  /** Names the account and its version, so that changed credentials never meet an old token. */
  readonly tokenKey: string;
  readonly signal: AbortSignal;
}

export function createClient(options: ClientOptions): NodeRedClient {
  const { url, access, tokens, tokenKey, signal } = options;

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    { body = null, headers = {}, limitMs = readLimitMs, token }: SendOptions = {},
  ): Promise<WireAnswer> => {
    const address = new URL(`${url}${path}`);
    const own: Record<string, string> = { Accept: 'application/json', ...headers };
    if (body !== null) own['Content-Type'] ??= 'application/json';
    if (access.proxy) {
      const { username, password } = access.proxy;
      own['Authorization'] = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
      // Behind such a proxy the token travels in the query, encoded: a raw + would be a blank (node-red.md 2).
      if (token) address.searchParams.set('access_token', token.reveal());
    } else if (token) {
      own['Authorization'] = `Bearer ${token.reveal()}`;
    }
    try {
      return await exchange({
        url: address.href,
        method,
        headers: own,
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw lost(error);
    }
  };

  const logIn = async (): Promise<Secret> => {
    if (access.auth.kind !== 'credentials') throw new NodeRedError('NodeRedAuth', 'There is no account.');
    const { username, password } = access.auth;
    const answer = await send('POST', '/auth/token', {
      // An empty scope asks for everything that the user may do; without one the token is good for nothing.
      body: new URLSearchParams({
        client_id: 'node-red-admin',
        grant_type: 'password',
        scope: '',
        username,
        password: password.reveal(),
      }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    const token = answer.status === 200 ? json(answer)?.['access_token'] : undefined;
    if (typeof token !== 'string') throw loginRefused(answer);
    return new Secret(token);
  };

  /** Logs in when needed, and once more when the token was refused. */
  const call = async (method: 'GET' | 'POST', path: string, more: SendOptions = {}): Promise<WireAnswer> => {
    const { auth } = access;
    if (auth.kind === 'none') return send(method, path, more);
    if (auth.kind === 'token') return send(method, path, { ...more, token: auth.token });
    const token = await tokens.get(tokenKey, logIn);
    const answer = await send(method, path, { ...more, token });
    if (answer.status !== 401 || answer.headers['www-authenticate'] === undefined) return answer;
    tokens.forget(tokenKey, token);
    return send(method, path, { ...more, token: await tokens.get(tokenKey, logIn) });
  };

  const read = async (what: string, path: string, headers?: Record<string, string>): Promise<unknown> => {
    const answer = await call('GET', path, headers ? { headers } : {});
    if (answer.status !== 200) throw refused(what, answer);
    const body = parsed(answer);
    if (body === undefined) {
      throw new NodeRedError('NodeRedMalformed', `It answered no JSON (${what}); check the address.`);
    }
    return body;
  };

  return {
    authKind: async () => {
      const answer = await send('GET', '/auth/login');
      if (answer.status !== 200) throw refused('ask how to log in', answer);
      const body = json(answer);
      if (!body) throw new NodeRedError('NodeRedMalformed', 'There is no admin API at this address.');
      return body['type'] === 'credentials'
        ? 'credentials'
        : body['type'] === undefined
          ? 'open'
          : 'strategy';
    },

    facts: async () => {
      const settings = (await read('read settings', '/settings')) as Record<string, unknown>;
      const diagnostics = (await read('read diagnostics', '/diagnostics')) as {
        runtime?: { flows?: { state?: string } };
        settings?: { apiMaxLength?: unknown };
      };
      return {
        version: String(settings['version']),
        flowEncryption: String(settings['flowEncryptionType']),
        state: diagnostics.runtime?.flows?.state ?? 'unknown',
        maxBodyBytes: bytesOf(diagnostics.settings?.apiMaxLength),
      };
    },

    palette: async () => (await read('list node types', '/nodes')) as readonly PaletteRow[],

    flows: async () => {
      const body = (await read('read the flows', '/flows', { 'Node-RED-API-Version': 'v2' })) as {
        rev?: unknown;
        flows?: unknown;
      };
      if (typeof body.rev !== 'string' || !Array.isArray(body.flows))
        throw new NodeRedError('NodeRedMalformed', 'It answered no flows with a revision.');
      return { rev: body.rev, flows: body.flows as FlowNode[] };
    },

    post: async (flows, { rev, type, limitMs }) => {
      let answer: WireAnswer;
      try {
        answer = await call('POST', '/flows', {
          body: JSON.stringify({ flows, rev }),
          headers: { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type },
          limitMs,
        });
      } catch (error) {
        if (!(error instanceof NodeRedError) || error.type !== 'NodeRedUnavailable') throw error;
        return { kind: error.socketCode === 'ECONNREFUSED' ? 'refused' : 'lost' };
      }
      const body = json(answer);
      // Half a body, or a proxy's page with 200: it happened, or not.
      if (answer.status === 200 && !body) return { kind: 'lost' };
      return {
        kind: 'answered',
        status: answer.status,
        rev: typeof body?.['rev'] === 'string' ? body['rev'] : null,
        code: codeOf(body),
        bearerChallenge: answer.headers['www-authenticate'] !== undefined,
      };
    },

    reload: async (limitMs) => {
      const answer = await call('POST', '/flows', {
        body: '{"flows":[]}',
        headers: { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': 'reload' },
        limitMs,
      });
      if (answer.status !== 200) throw refused('reload', answer);
    },

    isLive: async (nodeId) => {
      const path = `/context/node/${encodeURIComponent(nodeId)}?keysOnly`;
      const body = (await read('read contexts', path)) as Record<string, unknown>;
      return Object.keys(body).length > 0;
    },

    presence: async (type, nodeId) => {
      const path = `/credentials/${encodeURIComponent(type.replaceAll(' ', '-'))}/${encodeURIComponent(nodeId)}`;
      const answer = await call('GET', path);
      // The editor's routes are gone where it is disabled (node-red.md 1).
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw refused('see which credentials are set', answer);
      return setFields(json(answer) ?? {});
    },

    inject: async (nodeId) => {
      const answer = await call('POST', `/inject/${encodeURIComponent(nodeId)}`);
      if (answer.status === 401) throw refused('inject', answer);
      return answer.status === 200;
    },
  };
}

interface SendOptions {
  readonly body?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
  readonly token?: Secret;
}

function parsed({ body }: WireAnswer): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function json(answer: WireAnswer): Readonly<Record<string, unknown>> | null {
  const body = parsed(answer);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
}

/** An errno or a name of Node-RED's; never its message, which may quote a flow. */
const codeOf = (body: Readonly<Record<string, unknown>> | null): string | null => {
  const code = body?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : null;
};

/** Names of the fields that hold something: text fields come back in clear, passwords as `has_<name>` (node-red.md 6). */
function setFields(body: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(body)
    .flatMap(([name, value]) => {
      if (name.startsWith('has_')) return value === true ? [name.slice(4)] : [];
      return value === '' || value === undefined || value === null ? [] : [name];
    })
    .sort();
}

/** `5mb` is what body-parser reads when nothing is set. */
function bytesOf(limit: unknown): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*(kb|mb|gb)?$/i.exec(String(limit)) ?? [];
  if (digits === undefined) return 5 * 1024 * 1024;
  const factor = { '': 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }[unit.toLowerCase()] ?? 1;
  return Number(digits) * factor;
}
