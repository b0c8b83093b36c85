import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxTargetId } from '../dev-stack/sandbox-flow-targets.js';
import type { HttpDoor } from './http-door.js';

interface Deployment {
  readonly deploymentId: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly plans: readonly { readonly report: { readonly words: readonly string[] } }[];
}

type Node = Readonly<Record<string, unknown>>;

const pollMs = 200;
const longestMs = 120_000;

/** Shows three deployments to the Node-RED of this machine and throws when one does not end as it should. */
export async function showDeployments(
  { from, to }: { readonly from: Tenant; readonly to: Tenant },
  nodeRedUrl: string,
  print: (line: string) => void,
): Promise<void> {
  const target = sandboxTargetId(from.slug);
  const stamp = new Date().toISOString().slice(11, 19);
  const hours = `${nodeRedUrl}/${from.slug}/hours`;

  print(`\n1. New opening hours for ${from.slug}, with a person's approval`);
  const changed = await artifact(from.api, withHours(await flowsOf(from.api), `Every day, as of ${stamp}`));
  const asked = await request(from.api, target, { artifact: changed }, { smoke: [check(from.slug, stamp)] });
  const waiting = await until(
    from.api,
    asked,
    ({ status }) => status === 'awaitingApproval' || status === 'ended',
  );
  for (const line of waiting.plans.flatMap(({ report }) => report.words)) print(`     ${line}`);
  await from.api.post(`/api/deployments/${asked}/approve`, { reason: 'the demo' });
  await mustEnd(from.api, asked, 'deployed', print);
  print(`     ${hours} says: ${await text(hours)}`);

  print('\n2. A deployment whose check fails, and which takes itself back');
  const wrong = await artifact(from.api, withHours(await flowsOf(from.api), 'Closed for ever'));
  const bad = await request(
    from.api,
    target,
    { artifact: wrong },
    { approval: false, smoke: [check(from.slug, 'as of')] },
  );
  await mustEnd(from.api, bad, 'restored', print);
  print(`     ${hours} still says: ${await text(hours)}`);
  if (!(await text(hours)).includes(stamp)) throw new Error('The old opening hours did not come back.');

  print(`\n3. The front desk of ${from.slug}, copied to ${to.slug} under a path of its own`);
  const copy = { copy: { tenantId: from.slug, targetId: target, tabs: [await tabOf(from.api)] } };
  const copied = await request(to.api, sandboxTargetId(to.slug), copy, {
    approval: false,
    routePrefix: `/${to.slug}/copy`,
    environment: { PRACTICE_PHONE: '555-555-0299' },
  });
  await mustEnd(to.api, copied, ['deployed', 'unchanged'], print);
  const phone = `${nodeRedUrl}/${to.slug}/copy/${from.slug}/phone`;
  print(`     ${phone} says: ${await text(phone)}`);
  if ((await text(phone)) !== '555-555-0299')
    throw new Error('The copy has not the phone number of its practice.');
}

interface Tenant {
  readonly slug: string;
  readonly api: HttpDoor;
}

const check = (slug: string, contains: string): object => ({
  kind: 'http',
  path: `/${slug}/hours`,
  contains,
});

/** The flows of the practice's folder, as the worker registered them at its start. */
async function flowsOf(api: HttpDoor): Promise<readonly Node[]> {
  const { artifacts } = await api.get<{ artifacts: readonly { hash: string; origin: string }[] }>(
    '/api/flow-artifacts?limit=100',
  );
  const folder = artifacts.find(({ origin }) => origin === 'folder');
  if (!folder) throw new Error('The worker has registered no flows of this practice.');
  return (await api.get<{ flows: readonly Node[] }>(`/api/flow-artifacts/${folder.hash}`)).flows;
}

const tabOf = async (api: HttpDoor): Promise<string> =>
  String((await flowsOf(api)).find(({ type }) => type === 'tab')?.['id']);

const withHours = (flows: readonly Node[], words: string): readonly Node[] =>
  flows.map((node) => (node['type'] === 'template' ? { ...node, template: words } : node));

const artifact = async (api: HttpDoor, flows: readonly Node[]): Promise<string> =>
  (await api.post<{ artifact: { hash: string } }>('/api/flow-artifacts', { name: 'front-desk', flows }))
    .artifact.hash;

const request = async (api: HttpDoor, targetId: string, source: object, options: object): Promise<string> =>
  (await api.post<Deployment>('/api/deployments', { targetId, ...source, reason: 'the demo', options }))
    .deploymentId;

async function until(api: HttpDoor, id: string, fits: (now: Deployment) => boolean): Promise<Deployment> {
  const endsAt = Date.now() + longestMs;
  for (;;) {
    const now = await api.get<Deployment>(`/api/deployments/${id}`);
    if (fits(now)) return now;
    if (Date.now() > endsAt) throw new Error(`The deployment ${id} gets nowhere: ${now.status}.`);
    await sleep(pollMs);
  }
}

async function mustEnd(
  api: HttpDoor,
  id: string,
  wanted: string | readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { outcome, detail } = await until(api, id, ({ status }) => status === 'ended');
  print(`     ${outcome ?? 'no outcome'}: ${detail ?? ''}`);
  if (outcome === null || ![wanted].flat().includes(outcome))
    throw new Error(`The deployment ended as ${String(outcome)}, not as ${[wanted].flat().join(' or ')}.`);
}

const text = async (url: string): Promise<string> => (await fetch(url)).text();
