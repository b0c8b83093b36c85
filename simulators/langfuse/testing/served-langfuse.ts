import { startLangfuseSimulator, type LangfuseSimulator, type LangfuseSimulatorOptions } from '../server.js';

/** A running simulator and two ways to speak to it: as a client of the API, and at the admin door. */
export interface ServedLangfuse {
  readonly simulator: LangfuseSimulator;
  /** One request of the API, with the keys of a project (default: the project of the recordings). */
  call(path: string, init?: RequestInit & { readonly project?: string }): Promise<Response>;
  /** The JSON of a GET. */
  read(path: string, project?: string): Promise<unknown>;
  /** One order at the admin door; throws when it is refused. */
  order(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function serveLangfuse(options: LangfuseSimulatorOptions = {}): Promise<ServedLangfuse> {
  const simulator = await startLangfuseSimulator(options);
  const call: ServedLangfuse['call'] = (path, { project = 'proj1', ...init } = {}) => {
    const keys = Buffer.from(`pk-lf-${project}:sk-lf-${project}`).toString('base64');
    return fetch(`${simulator.url}/api/public${path}`, {
      ...init,
      headers: { authorization: `Basic ${keys}`, ...(init.headers as Record<string, string> | undefined) },
    });
  };
  return {
    simulator,
    call,
    read: async (path, project) => (await call(path, project === undefined ? {} : { project })).json(),
    order: async (method, path, body) => {
      const response = await fetch(`${simulator.url}/admin${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${method} /admin${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
  };
}
