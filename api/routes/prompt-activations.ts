import { z } from 'zod';
import { leaveAudit } from '../audit.js';
import { tenantRoute } from '../route.js';
import { activation, bundleHash, experiment, reason } from './prompt-views.js';

export const listActivations = tenantRoute({
  method: 'get',
  path: '/api/prompts/activations',
  role: 'viewer',
  summary: 'Which bundle was active when, by whom and why; the latest 100, newest first',
  answers: { 200: z.object({ activations: z.array(activation) }) },
  handle: async ({ tenant, environment }, { store }) => ({
    status: 200,
    body: { activations: [...(await store.promptActivations.history(tenant.slug, environment))] },
  }),
});

export const activatePrompt = tenantRoute({
  method: 'post',
  path: '/api/prompts/{hash}/activate',
  role: 'admin',
  summary:
    'Gives this bundle to new conversations and stops a running experiment; running conversations keep theirs',
  params: z.strictObject({ hash: bundleHash }),
  body: z.strictObject({ reason }),
  answers: { 200: activation },
  failures: ['RecordNotFound'],
  handle: async (call, { store }) => {
    const { tenant, environment, body, user } = call;
    const { hash } = call.params;
    const decision = { actor: user.userId, reason: body.reason };
    const done = await store.promptActivations.choose(tenant.slug, environment, hash, decision);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'prompt.activate',
      target: hash,
      detail: { environment, reason: body.reason },
    });
    return { status: 200, body: done };
  },
});

export const rollBackPrompt = tenantRoute({
  method: 'post',
  path: '/api/prompts/rollback',
  role: 'operator',
  summary:
    'Returns to the bundle that was active before; `from` is the active one, so that a request sent twice acts once',
  body: z.strictObject({ from: bundleHash, reason }),
  answers: { 200: activation },
  failures: ['Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, body, user } = call;
    const decision = { actor: user.userId, reason: body.reason };
    const done = await store.promptActivations.rollBack(tenant.slug, environment, body.from, decision);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'prompt.roll-back',
      target: done.hash,
      detail: { environment, from: body.from, reason: body.reason },
    });
    return { status: 200, body: done };
  },
});

export const listExperiments = tenantRoute({
  method: 'get',
  path: '/api/prompts/experiments',
  role: 'viewer',
  summary: 'Pairs of bundles that shared or share out new conversations; the latest 100, newest first',
  answers: { 200: z.object({ experiments: z.array(experiment) }) },
  handle: async ({ tenant, environment }, { store }) => ({
    status: 200,
    body: { experiments: [...(await store.promptExperiments.list(tenant.slug, environment))] },
  }),
});

export const startExperiment = tenantRoute({
  method: 'post',
  path: '/api/prompts/experiments',
  role: 'admin',
  summary:
    'Gives a share of new conversations to a challenger of the active bundle; one experiment at a time',
  body: z.strictObject({ challenger: bundleHash, percent: z.number().int().min(1).max(99), reason }),
  answers: { 201: experiment },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, body, user } = call;
    const decision = { actor: user.userId, reason: body.reason };
    const begun = await store.promptExperiments.start(tenant.slug, environment, body, decision);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'prompt.experiment-start',
      target: begun.experimentId,
      detail: { environment, ...body },
    });
    return { status: 201, body: begun };
  },
});

export const stopExperiment = tenantRoute({
  method: 'post',
  path: '/api/prompts/experiments/{id}/stop',
  role: 'operator',
  summary: 'Ends an experiment: new conversations get the active bundle, running ones keep theirs',
  params: z.strictObject({ id: z.uuid() }),
  body: z.strictObject({ reason }),
  answers: { 200: experiment },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, body, user } = call;
    const { id } = call.params;
    const decision = { actor: user.userId, reason: body.reason };
    const ended = await store.promptExperiments.stop(tenant.slug, environment, id, decision);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'prompt.experiment-stop',
      target: id,
      detail: { environment, reason: body.reason },
    });
    return { status: 200, body: ended };
  },
});
