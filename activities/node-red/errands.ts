import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { InstanceTest } from '../../workflows/node-red-errand/messages.js';
import { keepBackup } from './backup.js';
import type { AuthKind, NodeRedClient } from './client.js';
import type { NodeRedActivities } from './contract.js';
import { NodeRedError } from './errors.js';
import { isLoopback } from './loopback.js';
import { asActivity, findTarget, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { retire } from './retention.js';

/** What an operator asks of a target beside deployments; nothing on the instance changes. */
export const createErrandActivities = (
  deps: NodeRedDeps,
): Pick<NodeRedActivities, 'instancesOf' | 'testInstance' | 'takeBackup'> => ({
  instancesOf: async (input) => {
    const { settings } = await findTarget(deps, input);
    return { instances: settings.instances.map(({ name }) => name) };
  },

  testInstance: (input) =>
    asActivity(async (signal) => {
      try {
        const { client, instance } = await openInstance(deps, input, signal);
        return await lookAt(client, instance.name, instance.url);
      } catch (error) {
        return { ...nothingKnown(input.instance), failure: failureOf(error) };
      }
    }),

  takeBackup: (input) =>
    asActivity(async (signal) => {
      const { tenantId, targetId, instance, actor } = input;
      try {
        const { client, settings } = await openInstance(deps, input, signal);
        const { backupId, rev } = await keepBackup(deps, client, input, {
          backupId: `${targetId}.${instance}.${deps.clock.nowMs()}`,
          reason: actor === 'schedule' ? 'schedule' : 'request',
          actor,
          deploymentId: null,
        });
        await retire(deps, { tenantId, targetId, instance }, settings.retention);
        return { instance, backupId, rev, failure: null };
      } catch (error) {
        return { instance, backupId: null, rev: null, failure: failureOf(error) };
      }
    }),
});

/** The row of the failure table; what it does not know, and a cancellation, goes on. */
function failureOf(error: unknown): string {
  if (error instanceof NodeRedError) return error.type;
  if (error instanceof CancelledFailure) throw error;
  if (error instanceof ApplicationFailure && typeof error.type === 'string') return error.type;
  throw error;
}

const nothingKnown = (instance: string): InstanceTest => ({
  instance,
  reachable: false,
  failure: null,
  version: null,
  authKind: null,
  rev: null,
  state: null,
  modules: {},
  warnings: [],
});

async function lookAt(client: NodeRedClient, instance: string, url: string): Promise<InstanceTest> {
  const authKind = await client.authKind();
  const facts = await client.facts();
  const palette = await client.palette();
  const { rev } = await client.flows();
  const again = (await client.flows()).rev;
  return {
    instance,
    reachable: true,
    failure: null,
    version: facts.version,
    authKind,
    rev,
    state: facts.state,
    modules: Object.fromEntries(palette.map(({ module, version }) => [module, version])),
    warnings: [
      ...openWarning(authKind, url),
      ...(facts.state === 'safe' ? ['It runs in safe mode: nothing is live.'] : []),
      ...(facts.state === 'stop' ? ['Its flows are stopped: deployments would not start.'] : []),
      ...(facts.flowEncryption === 'system'
        ? ['It has no credentialSecret of its own: with its folder its credentials are lost.']
        : []),
      ...(facts.flowEncryption === 'disabled' ? ['It keeps credentials unencrypted.'] : []),
      ...(rev === again
        ? []
        : ['Its revision changes between two reads: several instances share this address.']),
      ...palette
        .filter(({ err }) => err !== undefined)
        .map(({ module }) => `The module ${module} is installed and does not load.`),
    ],
  };
}

function openWarning(authKind: AuthKind, url: string): readonly string[] {
  if (authKind !== 'open') return [];
  return isLoopback(url)
    ? ['Its admin API is open to everybody on its machine.']
    : ['Its admin API is open: everybody who reaches this address may run code there.'];
}
