import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { portProblems } from './ports.js';

const host = '127.0.0.1';

async function takePort(): Promise<{ readonly port: number; readonly free: () => Promise<void> }> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  const free = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
  onTestFinished(free);
  return { port: address.port, free };
}

it('a taken port is named with the variable that moves it, and a free one is not', async () => {
  const taken = await takePort();
  const freed = await takePort();
  await freed.free();
  expect(
    await portProblems([
      { variable: 'PORT', host, port: freed.port },
      { variable: 'TEMPORAL_UI_PORT', host, port: taken.port },
    ]),
  ).toEqual([
    `TEMPORAL_UI_PORT ${taken.port} is in use by another process. Stop it or set TEMPORAL_UI_PORT.`,
  ]);
});

it('a port that is taken on loopback is taken for a server of all addresses', async () => {
  const { port } = await takePort();
  expect(await portProblems([{ variable: 'PORT', host: '0.0.0.0', port }])).toEqual([
    `PORT ${port} is in use by another process. Stop it or set PORT.`,
  ]);
});

it('two of our own on one port are both named', async () => {
  const { port, free } = await takePort();
  await free();
  expect(
    await portProblems([
      { variable: 'PORT', host, port },
      { variable: 'CLOUD9_SIMULATOR_PORT', host, port },
    ]),
  ).toEqual([`CLOUD9_SIMULATOR_PORT and PORT are both ${port}. Change one of them.`]);
});
