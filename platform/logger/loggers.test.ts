import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refineLogContext, withLogContext } from './log-context.js';
import { createLoggers, type Loggers } from './loggers.js';

/** winston's console output: the stream behind the global console, which the test runner has replaced. */
const standardOutput = (console as unknown as { readonly _stdout: NodeJS.WriteStream })._stdout;

let logDir: string;
let printed: string[];

beforeEach(async () => {
  logDir = await mkdtemp(join(tmpdir(), 'chairside-logs-'));
  printed = [];
  vi.spyOn(standardOutput, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(logDir, { recursive: true });
});

const create = (change: Partial<Parameters<typeof createLoggers>[0]> = {}): Loggers =>
  createLoggers({ logDir, logFormat: 'json', logLevel: 'debug', ...change }, 'worker');

/** The events of a file once it has as many as expected: winston writes in the background. */
const eventsOf = (file: string, count: number): Promise<Record<string, unknown>[]> =>
  vi.waitFor(async () => {
    const lines = (await readFile(join(logDir, file), 'utf8')).trim().split('\n').filter(Boolean);
    expect(lines).toHaveLength(count);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  });

describe('createLoggers', () => {
  it('writes one JSON event a line, with time, process and correlation', async () => {
    const { log } = create();
    log.info('appointment booked', { tenantId: 'bright-smiles', workflowId: 'booking/bright-smiles/c1' });
    log.warn('second\nline');
    expect(await eventsOf('worker.log', 2)).toEqual([
      {
        level: 'info',
        message: 'appointment booked',
        logger: 'log',
        process: 'worker',
        tenantId: 'bright-smiles',
        workflowId: 'booking/bright-smiles/c1',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
      },
      expect.objectContaining({ level: 'warn', message: 'second\nline' }),
    ]);
    expect(printed).toHaveLength(2);
  });

  it.each(['httpRequest', 'httpResponse', 'dbOperation', 'cloud9Request', 'cloud9Response'] as const)(
    'gives %s a file of its own',
    async (name) => {
      create()[name].info('event', { workflowId: 'booking/bright-smiles/c1' });
      expect(await eventsOf(`${name}.log`, 1)).toMatchObject([
        { logger: name, workflowId: 'booking/bright-smiles/c1' },
      ]);
    },
  );

  it('lets no secret and no personal data through, in files or on the console', async () => {
    const { log, cloud9Request } = create({ logFormat: 'pretty' });
    log.error('login of ann.sample@example.invalid failed', {
      firstName: 'Ann',
      detail: { phone: '5555550101', note: 'call (555) 555-0101' },
      error: new Error('sent <Password>sim-pass</Password>'),
    });
    cloud9Request.info('sent', { xml: '<UserName>sim-user</UserName>', authorization: 'Bearer invented' });
    await Promise.all([eventsOf('worker.log', 1), eventsOf('cloud9Request.log', 1)]);
    const files = await readdir(logDir);
    const written = await Promise.all(files.map((file) => readFile(join(logDir, file), 'utf8')));
    expect([...written, ...printed].join('\n')).not.toMatch(/Ann|ann\.|0101|sim-|invented/);
    expect(printed).toHaveLength(2);
  });

  it('prints pretty lines when asked to', async () => {
    create({ logFormat: 'pretty' }).cloud9Request.info('sent', { procedure: 'GetLocations', attempt: 1 });
    await eventsOf('cloud9Request.log', 1);
    expect(printed.join('')).toMatch(/^\S+Z info \[cloud9Request\] sent procedure=GetLocations attempt=1\n$/);
  });

  it('names an error in a pretty line, and keeps its stack for the file', async () => {
    const failure = Object.assign(new Error('no account'), { type: 'IntegrationNotConfigured' });
    create({ logFormat: 'pretty' }).log.warn('activity failed', { error: failure });
    expect(printed.join('')).toMatch(/Z warn activity failed error=IntegrationNotConfigured: no account\n$/);
    expect(await eventsOf('worker.log', 1)).toMatchObject([
      { error: { stack: expect.stringContaining('loggers.test') as string } },
    ]);
  });

  it('keeps statements off the console, and below its level off everything', async () => {
    const { dbOperation, log } = create({ logLevel: 'info' });
    dbOperation.debug('statement');
    dbOperation.error('statement');
    log.debug('detail');
    expect(await eventsOf('dbOperation.log', 1)).toMatchObject([{ level: 'error' }]);
    expect(printed).toEqual([]);
  });
});

it('every line of one piece of work carries its ids, and lines beside it do not', async () => {
  const { log, dbOperation } = create();
  const deep = async (): Promise<void> => {
    await Promise.resolve();
    dbOperation.debug('statement');
  };
  await Promise.all([
    withLogContext({ correlationId: 'request-1' }, async () => {
      log.info('begun');
      refineLogContext({ correlationId: 'booking/a-practice/1', tenantId: 'a-practice' });
      await deep();
    }),
    withLogContext({ correlationId: 'booking/b-practice/2' }, deep),
  ]);
  log.info('beside');
  const [begun, beside] = await eventsOf('worker.log', 2);
  expect(begun).toMatchObject({ message: 'begun', correlationId: 'request-1' });
  expect(beside).not.toHaveProperty('correlationId');
  expect(await eventsOf('dbOperation.log', 2)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ correlationId: 'booking/a-practice/1', tenantId: 'a-practice' }),
      expect.objectContaining({ correlationId: 'booking/b-practice/2' }),
    ]),
  );
});
