import type { AgentAnswer } from '../../domain/agent/answer.js';
import type { ToolInputs, ToolName } from '../../domain/agent/tools.js';

/** One exact turn of the model. */
export type ScriptedTurn =
  | { readonly answer: AgentAnswer }
  | { readonly toolCalls: readonly { readonly name: string; readonly input: unknown }[] }
  | { readonly fault: string; readonly retryAfterSeconds?: number }
  | { readonly hold: true };

/** Exact turns of the model instead of a receptionist's by rules. */
export interface ModelScript {
  play(conversationId: string, turns: readonly ScriptedTurn[]): Promise<void>;
  /** Lets a held request go on. */
  release(): Promise<void>;
  /** Every request gets this plain answer at once; with null no more. */
  stub(answer: AgentAnswer | null): Promise<void>;
  /** Time that every answer takes. */
  latency(ms: number): Promise<void>;
  calls(): Promise<number>;
  /** Resolves when the model has been called this often in all. */
  called(count: number): Promise<void>;
  /** Requests that broke the wire's or our own rules. */
  violations(): Promise<readonly unknown[]>;
}

/** Whatever plays the model for a stack. */
export interface ModelServer {
  readonly url: string;
  readonly script: ModelScript;
  close(): Promise<void>;
}

/** Our Claude simulator through its admin door. */
export function modelScript(url: string): ModelScript {
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/admin${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /admin${path}: ${response.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  const journal = async (): Promise<readonly { readonly violations?: readonly unknown[] }[]> =>
    ((await admin('GET', '/journal')) as { requests: { violations?: unknown[] }[] }).requests;
  return {
    play: async (conversationId, turns) => {
      await admin('POST', '/scripts', { conversation: conversationId, turns });
    },
    release: async () => {
      await admin('POST', '/release');
    },
    stub: async (answer) => {
      await (answer === null ? admin('DELETE', '/stub') : admin('POST', '/stub', { answer }));
    },
    latency: async (latencyMs) => {
      await admin('POST', '/knobs', { latencyMs });
    },
    calls: async () => (await journal()).length,
    called: async (count) => {
      while ((await journal()).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    violations: async () => (await journal()).flatMap((request) => request.violations ?? []),
  };
}

/** A plain sentence, with claims when it makes any. */
export const say = (text: string, claims: AgentAnswer['claims'] = []): ScriptedTurn => ({
  answer: { claims, needs_human: false, language: 'en', say: text },
});

/** One call of a tool. */
export const call = <Name extends ToolName>(name: Name, input: ToolInputs[Name]): ScriptedTurn => ({
  toolCalls: [{ name, input }],
});
