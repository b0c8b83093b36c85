import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { percentiles, timed } from '../../bench/percentiles.js';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';
import { visitsWorkflowId } from '../../workflows/ids.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { inRepository } from '../kit/child.js';
import { activitiesCompleted, started } from '../kit/history.js';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';
import { readComposition } from './composition.js';
import { assembleImage } from './product-image.js';
import { startPostgres, startTemporalCluster } from './temporal-cluster.js';

/**
 * `npm run topology -- <folder>`: what docker-compose.yml composes, without containers: the production Temporal server and our store in one
 * PostgreSQL, the product as the image has it, with the environment of the compose file. Holds a booking, kills in the middle, and exits 1
 * when the practice system holds anything else than what the caller was told. The folder holds the programs `server` and `sql` of the
 * version that the compose file names (docs/running.md).
 */
const plainTurns = 50;
const requestLimitMs = 15_000;
const [programs = ''] = process.argv.slice(2);
const report = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'chairside-topology-'));
const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  await prove();
} finally {
  for (const step of undo.reverse()) await step();
}

async function prove(): Promise<void> {
  const variables = {
    POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
    MASTER_KEY: `topology:${randomBytes(32).toString('base64')}`,
    JWT_SECRET: randomBytes(32).toString('base64'),
    MASTER_ADMIN_EMAIL: 'admin@example.invalid',
    MASTER_ADMIN_PASSWORD: 'Invented-Password-1',
  };
  const postgres = await startPostgres(folder, variables.POSTGRES_PASSWORD);
  undo.push(() => postgres.stop());
  report('PostgreSQL runs; deploy/create-store.sh made our role and database');

  const network = {
    'postgresql:5432': `127.0.0.1:${postgres.port}`,
    '/etc/chairside/': `${inRepository('deploy')}/`,
  };
  const before = await readComposition(variables, network);
  const version = before.imageOf('temporal').split(':')[1] ?? '';
  const temporal = await startTemporalCluster(
    {
      server: join(programs, 'server'),
      sqlTool: join(programs, 'sql'),
      moduleFolder: moduleFolder(version),
    },
    folder,
    postgres.port,
    before.environmentOf('temporal'),
  );
  undo.push(() => temporal.stop());
  const composition = await readComposition(variables, { ...network, 'temporal:7233': temporal.address });
  const cli = await temporalCli();
  const namespace = 'temporal operator namespace';
  await eventually(() =>
    run(
      'sh',
      ['-c', `${namespace} describe -n default || ${namespace} create -n default`],
      cli,
      temporal.address,
    ),
  );
  await eventually(() =>
    run('sh', ['-ec', composition.scriptOf('search-attributes')], cli, temporal.address),
  );
  report(`Temporal server ${version} runs on PostgreSQL, with our search attributes`);

  const image = join(folder, 'image');
  await mkdir(image);
  await assembleImage(image);
  const { DATABASE_URL, ...environment } = composition.environmentOf('api');
  const stack = await startStack({
    temporal,
    productFolder: image,
    env: {
      ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
      DATABASE_URL: DATABASE_URL ?? '',
      TENANTS_DIR: join(image, 'tenants'),
    },
  });
  undo.push(() => stack.stop());
  report('API and worker run in the production profile, on production packages only');

  await bookThroughDeaths(stack);
  const turns: number[] = [];
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
  const caller = await stack.caller();
  await caller.say('Hello');
  for (let turn = 0; turn < plainTurns; turn++) turns.push(await timed(() => caller.say(`Message ${turn}`)));
  report(`plain turns: ${JSON.stringify(percentiles(turns))}`);
}

/** A family of two books; the worker dies in the middle of it, then the Temporal server while the caller says thanks. */
async function bookThroughDeaths(stack: Stack): Promise<void> {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2),
    say('Shall I book both?'),
    ...consentToHold(2),
    say('You are welcome.'),
  ]);
  await caller.say('Two kids, both new.');
  const reply = caller.say('Yes, both please.');
  const order = visitsWorkflowId('bright-smiles', caller.conversationId, 1);
  await started(stack.client, order);
  await activitiesCompleted(stack.client, order, 3);
  await stack.worker.kill();
  await stack.worker.start();
  const { outcome } = await reply;
  const [bookings, { ledger }] = [await stack.practice.bookings(), await caller.state()];
  const told = ledger.map(({ appointmentGuid }) => appointmentGuid).sort();
  const held = bookings.map(({ appointmentGuid }) => appointmentGuid).sort();
  if (outcome !== 'booked' || held.length !== 2 || told.join() !== held.join())
    throw new Error(
      `The caller was told ${outcome} ${told.join()}; the practice system holds ${held.join()}.`,
    );
  report('booked two siblings exactly once, with the worker killed (SIGKILL) in the middle');

  await stack.temporal.restart();
  const thanks = await caller.say('Thank you!');
  if (thanks.outcome !== 'booked')
    throw new Error(`After the restart of Temporal the outcome is ${thanks.outcome}.`);
  const ready = await fetch(`${stack.apiUrl}/health/ready`);
  if (!ready.ok) throw new Error(`/health/ready answers ${ready.status}: ${await ready.text()}`);
  report(
    'the conversation went on after the Temporal server was killed and started again; /health/ready says yes',
  );
}

/** Where Go keeps the sources of the server, which hold its schema. */
function moduleFolder(version: string): string {
  const output = execFileSync('go', ['mod', 'download', '-json', `go.temporal.io/server@v${version}`], {
    encoding: 'utf8',
  });
  return (JSON.parse(output) as { readonly Dir: string }).Dir;
}

/** A folder on whose PATH the CLI is called `temporal`, as in the image. */
async function temporalCli(): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(await findTemporalCli({ env: process.env, report }), join(bin, 'temporal'));
  return bin;
}

/** Asynchronous: the server's own output is read meanwhile, or it would wait for its reader. */
async function run(command: string, args: readonly string[], bin: string, address: string): Promise<void> {
  await promisify(execFile)(command, args, {
    env: {
      PATH: [bin, process.env['PATH']].join(delimiter),
      HOME: folder,
      TEMPORAL_ADDRESS: address,
    },
    timeout: requestLimitMs,
  });
}

/** The server accepts connections before all its services know each other, and learns of a namespace within seconds; compose asks its health check. */
async function eventually(work: () => Promise<void>): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
