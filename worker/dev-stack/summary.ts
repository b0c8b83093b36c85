import type { SampleTenant } from './prepare.js';
import type { SimulatorUrls } from './sandbox-accounts.js';

/** What a person needs to know once everything serves. */
export interface Summary {
  readonly profile: string;
  readonly apiUrl: string;
  readonly temporalUiUrl: string;
  readonly simulators: SimulatorUrls;
  /** The Node-RED that runs here; null when none does. */
  readonly nodeRed: string | null;
  readonly administrator: {
    readonly email: string;
    /** The password that was generated a moment ago; null when it is an older one. */
    readonly newPassword: string | null;
    /** Where a generated one is kept; null when MASTER_ADMIN_PASSWORD gave it. */
    readonly passwordFile: string | null;
  };
  readonly tenant: SampleTenant;
}

/** The text at the end of a start. Its middle can be pasted into a shell and holds a real conversation. */
export function summaryText(summary: Summary): string {
  const { administrator, apiUrl, simulators } = summary;
  const rows = {
    API: apiUrl,
    'API docs': `${apiUrl}/docs`,
    'Temporal UI': summary.temporalUiUrl,
    Cloud9: simulators.cloud9 === null ? 'by its credentials' : `simulator, ${simulators.cloud9}`,
    Claude: simulators.claude === null ? 'by its credentials' : `simulator, ${simulators.claude}`,
    ...(simulators.langfuse !== null && { Langfuse: `simulator, ${simulators.langfuse}` }),
    ...(summary.nodeRed === null ? {} : { 'Node-RED': summary.nodeRed }),
    Administrator:
      administrator.newPassword === null
        ? administrator.email
        : `${administrator.email}  password: ${administrator.newPassword}  (shown this once)`,
  };
  return [
    '',
    `Chairside is ready (${summary.profile}).`,
    '',
    ...Object.entries(rows).map(([name, value]) => `  ${name.padEnd(14)}${value}`),
    '',
    'To talk to it, paste this into another terminal, in this folder:',
    '',
    ...conversation(summary),
    '',
    'Ctrl-C stops everything; the next `npm start` goes on with the same data. `npm run demo` holds a longer conversation.',
    '',
  ].join('\n');
}

/** Plain curl and the Node that is there anyway: no other tool is needed. */
function conversation({ apiUrl, administrator, tenant }: Summary): readonly string[] {
  const read = (wanted: string): string =>
    `node -pe 'const r = JSON.parse(fs.readFileSync(0)); ${wanted} ?? r'`;
  const password =
    administrator.passwordFile === null
      ? "'…' # put your MASTER_ADMIN_PASSWORD here"
      : `$(cat ${administrator.passwordFile})`;
  return [
    `API=${apiUrl}`,
    `PASSWORD=${password}`,
    `TOKEN=$(curl -s $API/api/auth/login -H 'Content-Type: application/json' -d "{\\"email\\":\\"${administrator.email}\\",\\"password\\":\\"$PASSWORD\\"}" | ${read('r.token')})`,
    `post() { curl -s "$API$1" -H "Authorization: Bearer $TOKEN" -H 'X-Tenant-Id: ${tenant.slug}' -H 'Content-Type: application/json' -d "$2"; }`,
    `say() { post "/api/conversations/$ID/messages" "{\\"messageId\\":\\"$(node -p 'crypto.randomUUID()')\\",\\"text\\":\\"$1\\"}" | ${read('r.text')}; }`,
    `ID=$(post /api/conversations '{}' | ${read('r.conversationId')})`,
    "say 'Hello, a first visit for my daughter Dora Sample, please, born 2015-03-04. My phone is 555-555-0177.'",
    `say '${tenant.locationName}, next week if you can.'`,
    "say 'The first one, please.'",
    "say 'Yes, please book it.'",
  ];
}
