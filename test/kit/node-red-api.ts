import type { FlowNode } from '../../domain/flows/flow-node.js';

export interface Posted {
  readonly status: number;
  readonly body: { readonly rev?: string; readonly code?: string; readonly message?: string };
}

/** A test's own hand on the admin API, without any rule of the product's client. */
export class NodeRedApi {
  constructor(private readonly url: string) {}

  async flows(): Promise<{ readonly flows: readonly FlowNode[]; readonly rev: string }> {
    return (await this.get('/flows')) as { flows: readonly FlowNode[]; rev: string };
  }

  /** Sends any body; without `rev` the check is skipped. */
  async post(
    flows: unknown,
    options: { readonly rev?: unknown; readonly type?: string; readonly signal?: AbortSignal } = {},
  ): Promise<Posted> {
    const answer = await fetch(`${this.url}/flows`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Node-RED-API-Version': 'v2',
        'Node-RED-Deployment-Type': options.type ?? 'flows',
      },
      body: JSON.stringify(options.rev === undefined ? { flows } : { flows, rev: options.rev }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return { status: answer.status, body: (await answer.json()) as Posted['body'] };
  }

  /** How many of these nodes answer the liveness probe. */
  async live(ids: readonly string[]): Promise<readonly string[]> {
    const answers = await Promise.all(ids.map((id) => this.get(`/context/node/${id}?keysOnly`)));
    return ids.filter((_, index) => Object.keys(answers[index] as object).length > 0);
  }

  /** Waits until all of these live. */
  async untilLive(ids: readonly string[]): Promise<void> {
    const waiting = new Set(ids);
    for (const deadline = Date.now() + 60_000; waiting.size > 0;) {
      if (Date.now() > deadline) throw new Error(`Not live: ${[...waiting].join(', ')}`);
      for (const id of await this.live([...waiting])) waiting.delete(id);
    }
  }

  async get(path: string): Promise<unknown> {
    const headers = { Accept: 'application/json', 'Node-RED-API-Version': 'v2' };
    return (await fetch(`${this.url}${path}`, { headers, signal: AbortSignal.timeout(15_000) })).json();
  }
}
