import type { Desk, DeskAnswer } from './desk.js';

type Body = Readonly<Record<string, unknown>>;

/** What a deployment has come to, as the API tells it. */
export interface DeploymentNow {
  readonly deploymentId: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly plans: readonly {
    readonly instance: string;
    readonly baseRev: string;
    readonly expectedRev: string;
    readonly backupId: string;
    readonly report: Body;
  }[];
  readonly events: readonly {
    readonly seq: number;
    readonly step: string;
    readonly phase: string;
    readonly instance: string | null;
    readonly detail: Body;
    readonly atMs: number;
  }[];
}

/** An operator who deploys over the API. */
export interface Deployer {
  target(
    instances: readonly { readonly name: string; readonly url: string; readonly nodeUrl?: string }[],
    more?: object,
  ): Promise<string>;
  artifact(flows: readonly object[], name?: string): Promise<string>;
  /** Asks for a deployment and gives its id. */
  request(targetId: string, source: object, options?: object): Promise<string>;
  get(deploymentId: string): Promise<DeploymentNow>;
  /** Waits until it fits. */
  until(deploymentId: string, fits: (now: DeploymentNow) => boolean): Promise<DeploymentNow>;
  ended(deploymentId: string): Promise<DeploymentNow>;
  /** Request and wait for the end. */
  deploy(targetId: string, source: object, options?: object): Promise<DeploymentNow>;
  decide(
    deploymentId: string,
    verdict: 'approve' | 'reject' | 'cancel',
    reason?: string,
  ): Promise<DeskAnswer>;
}

const patienceMs = 110_000;
const pollMs = 50;

export function deployerOf(desk: Desk): Deployer {
  const must = async (wanted: number, answer: Promise<DeskAnswer>): Promise<Body> => {
    const { status, body } = await answer;
    if (status !== wanted) throw new Error(`Expected ${wanted}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const get: Deployer['get'] = async (id) =>
    (await must(200, desk.call('GET', `/api/deployments/${id}`))) as unknown as DeploymentNow;
  const until: Deployer['until'] = async (id, fits) => {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const now = await get(id);
      if (fits(now)) return now;
      if (Date.now() > deadline) throw new Error(`It did not come to that: ${JSON.stringify(now, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };
  const ended: Deployer['ended'] = (id) => until(id, ({ status }) => status === 'ended');
  const request: Deployer['request'] = async (targetId, source, options = {}) => {
    const body = await must(
      202,
      desk.call('POST', '/api/deployments', { targetId, ...source, reason: 'a test', options }),
    );
    return String(body['deploymentId']);
  };
  let names = 0;
  return {
    get,
    until,
    ended,
    request,
    target: async (instances, more = {}) => {
      names += 1;
      const body = await must(
        201,
        desk.call('POST', '/api/flow-targets', {
          name: `target ${Date.now()}-${names}`,
          instances,
          access: { auth: { kind: 'none' }, proxy: null },
          backupEveryMinutes: null,
          driftEveryMinutes: null,
          ...more,
        }),
      );
      return String(body['targetId']);
    },
    artifact: async (flows, name = 'flows of a test') => {
      const { status, body } = await desk.call('POST', '/api/flow-artifacts', { name, flows });
      if (status !== 201 && status !== 200) throw new Error(`No artefact: ${status} ${JSON.stringify(body)}`);
      return String((body['artifact'] as Body)['hash']);
    },
    deploy: async (targetId, source, options) => ended(await request(targetId, source, options)),
    decide: (id, verdict, reason = 'a test') =>
      desk.call('POST', `/api/deployments/${id}/${verdict}`, { reason }),
  };
}
