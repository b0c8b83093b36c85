import { loadConfig } from '../../platform/config/config.js';
import { processEnvironment } from '../../platform/config/process-environment.js';
import { loadTenants } from '../../platform/tenants/load-tenants.js';
import type { ConversationSnapshot } from '../../workflows/booking-conversation/messages.js';
import { planStack, temporalUiUrl } from '../dev-stack/stack-plan.js';
import { nextLine, opening } from './caller-lines.js';
import { showDeployments } from './deployments.js';
import { inventFamily } from './family.js';
import { logIn, say } from './operator.js';
import { practiceDoor } from './practice-door.js';
import { timesSpoken } from './spoken-time.js';
import { contradictions } from './verdict.js';

/** Twice what the conversation needs; a caller who gets nowhere hangs up. */
const mostLines = 30;

interface Conversation {
  readonly conversationId: string;
  readonly workflowId: string;
  readonly state: ConversationSnapshot | null;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run demo`: a family calls, the front desk is quicker for one place, and all ends well; proven by what the simulator holds. */
async function main(): Promise<void> {
  const env = processEnvironment();
  const config = loadConfig(env);
  const plan = planStack(config);
  if (plan.cloud9Port === null) {
    throw new Error(
      'The demo books invented families: it runs in the sandbox profile, without CLOUD9_SANDBOX_ENDPOINT.',
    );
  }
  const tenant = (await loadTenants(config.tenantsDir)).list().find(({ active }) => active);
  const location = tenant?.locations[0];
  if (!tenant || !location) throw new Error(`No active tenant in ${config.tenantsDir}.`);
  const api = await logIn(plan.apiUrl, config, tenant.slug);
  const practice = practiceDoor(`http://127.0.0.1:${plan.cloud9Port}`);

  const family = inventFamily();
  const children = family.children.map(({ firstName }) => firstName);
  const { conversationId, workflowId } = await api.post<Conversation>('/api/conversations', { test: true });
  const path = `/api/conversations/${conversationId}`;
  const stateNow = async (): Promise<ConversationSnapshot> => {
    const { state } = await api.get<Conversation>(path);
    if (!state) throw new Error(`The conversation ${conversationId} has no running workflow.`);
    return state;
  };

  print(`\n${tenant.practiceName}: a call of the ${family.lastName} family\n`);
  const told: string[] = [];
  let stolen = false;
  let line: string | null = opening(family);
  for (let lines = 0; line !== null; lines += 1) {
    if (lines === mostLines)
      throw new Error('The caller gets nowhere. The transcript above shows where it stopped.');
    print(`  Caller  ${line}`);
    const reply = await say(api, path, line);
    print(`  Agent   ${reply.text}\n`);
    told.push(reply.text);
    const state = await stateNow();
    const holding = state.hold !== null;
    if (!stolen && !holding) {
      // The first offer that names a time, with the times of both children.
      const [firstOffer = ''] = reply.text.split(';');
      const starts = timesSpoken(firstOffer, new Date());
      for (const start of starts) {
        const places = await practice.takePlaces(location.locationGuid, start);
        print(
          `  *       Meanwhile the front desk gives ${start.replace('T', ' ')} to walk-ins: ${places} places.\n`,
        );
        stolen ||= places > 0;
      }
    }
    line = nextLine(family, {
      lastReply: reply.text,
      holding,
      booked: children.filter((name) =>
        told.some((text) => new RegExp(`${name}[^.]*\\bbooked\\b`).test(text)),
      ),
      moved: state.ledger.some(({ kind }) => kind === 'moved'),
      locationName: location.name,
    });
  }

  const held = await practice.appointmentsOf(family.lastName);
  print('Appointments of the family in the Cloud9 simulator:');
  for (const { firstName, start, status } of held)
    print(`  ${firstName.padEnd(6)}${start.replace('T', ' ')}  ${status}`);
  const ui = `${temporalUiUrl(config, env)}/namespaces/${config.temporal.namespace}/workflows`;
  print('\nIn the Temporal UI:');
  print(`  conversation  ${ui}/${encodeURIComponent(workflowId)}`);
  print(`  all of today  ${ui}?query=${encodeURIComponent(`TenantId="${tenant.slug}"`)}`);

  const problems = [
    ...contradictions({ children, told, ledger: (await stateNow()).ledger, held, now: new Date() }),
    ...(!stolen ? ['The front desk never came to take a place.'] : []),
  ];
  await api.post(`${path}/end`, { reason: 'the demo is over' });
  if (problems.length > 0) {
    throw new Error(`The practice system is not what the conversation says:\n  ${problems.join('\n  ')}`);
  }
  print('\nThe practice system holds exactly what the caller was told.');

  const second = (await loadTenants(config.tenantsDir))
    .list()
    .find(({ active, slug }) => active && slug !== tenant.slug);
  if (plan.nodeRedPort === null || !second) return;
  const to = { slug: second.slug, api: await logIn(plan.apiUrl, config, second.slug) };
  const nodeRed = `http://127.0.0.1:${plan.nodeRedPort}`;
  await showDeployments({ from: { slug: tenant.slug, api }, to }, nodeRed, print);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
