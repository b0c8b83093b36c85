import { z } from 'zod';
import type { Environment, Tenant } from '../../domain/tenant.js';
import { bundleDifferences } from '../../platform/prompts/bundle-differences.js';
import { folderBundle, followFolder, registerFolder } from '../../platform/prompts/folder-bundle.js';
import type { PromptBundle } from '../../platform/prompts/prompt-bundle.js';
import { leaveAudit } from '../audit.js';
import { Problem } from '../problems.js';
import { tenantRoute } from '../route.js';
import type { ApiServices } from '../services.js';
import { nextCursor, pageQuery } from './paging.js';
import {
  activation,
  bundleHash,
  bundleSummary,
  environment,
  experiment,
  filesProblem,
  folderState,
  folderStateOf,
  partSource,
  summaryOf,
} from './prompt-views.js';

const environments = ['sandbox', 'production'] as const;

export const listPrompts = tenantRoute({
  method: 'get',
  path: '/api/prompts',
  role: 'viewer',
  summary: 'Prompt bundles of the tenant, newest first, what is active, and whether the files differ from it',
  query: z.strictObject(pageQuery),
  answers: {
    200: z.object({
      active: activation.nullable(),
      experiment: experiment.nullable(),
      folder: folderState,
      bundles: z.array(bundleSummary.extend({ activeIn: z.array(environment) })),
      nextCursor,
    }),
  },
  handle: async ({ tenant, environment: here, query }, services) => {
    const { promptBundles, promptActivations, promptExperiments } = services.store;
    const { rows, nextCursor: next } = await promptBundles.list(tenant.slug, query);
    const active = await Promise.all(
      environments.map(async (name) => [name, await promptActivations.active(tenant.slug, name)] as const),
    );
    const activeHere = active.find(([name]) => name === here)?.[1];
    return {
      status: 200,
      body: {
        active: activeHere ?? null,
        experiment: (await promptExperiments.running(tenant.slug, here)) ?? null,
        folder: await folderStateOf(services, tenant, activeHere?.hash),
        bundles: rows.map((row) => ({
          ...summaryOf(tenant, row),
          activeIn: active.filter(([, found]) => found?.hash === row.hash).map(([name]) => name),
        })),
        nextCursor: next,
      },
    };
  },
});

const registration = z.object({
  hash: z.string(),
  /** `waiting`: registered, but a person must activate it. */
  outcome: z.enum(['unchanged', 'activated', 'waiting']),
});

export const registerPrompt = tenantRoute({
  method: 'post',
  path: '/api/prompts',
  role: 'operator',
  summary: "Registers the bundle of the tenant's files as they are now; 201 when it is new",
  body: z.strictObject({}),
  answers: { 200: registration, 201: registration },
  handle: async (call, services) => {
    const { tenant, environment: here, user } = call;
    const { hash, isNew } = await registerFolder(services, tenant, user.userId).catch((error: unknown) => {
      throw filesProblem(error);
    });
    const outcome = await followFolder(services, tenant.slug, here, hash);
    if (isNew || outcome === 'activated') {
      await leaveAudit(services.store, call, {
        tenantId: tenant.slug,
        action: 'prompt.register',
        target: hash,
        detail: { environment: here, outcome },
      });
    }
    return { status: isNew ? 201 : 200, body: { hash, outcome } };
  },
});

export const getPrompt = tenantRoute({
  method: 'get',
  path: '/api/prompts/{hash}',
  role: 'viewer',
  summary: 'One prompt bundle with all its texts',
  params: z.strictObject({ hash: bundleHash }),
  answers: { 200: bundleSummary.extend({ bundle: z.looseObject({}) }) },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, params: { hash } }, { store }) => {
    const found = await store.promptBundles.get(tenant.slug, hash);
    if (!found) throw new Problem('RecordNotFound');
    return { status: 200, body: { ...summaryOf(tenant, found), bundle: { ...found.bundle } } };
  },
});

/** A bundle by hash, or by the place that it has: what is active here, what the files say now. */
const bundleName = z.union([bundleHash, z.enum(['active', 'folder'])]);

export const diffPrompts = tenantRoute({
  method: 'get',
  path: '/api/prompts/diff',
  role: 'viewer',
  summary: 'What differs between two bundles, part by part; `active` and `folder` name the present ones',
  query: z.strictObject({ from: bundleName.default('active'), to: bundleName.default('folder') }),
  answers: {
    200: z.object({
      from: z.string(),
      to: z.string(),
      parts: z.array(
        z.object({
          part: z.string(),
          source: partSource,
          change: z.enum(['added', 'removed', 'changed']),
          hunks: z.array(z.object({ fromLine: z.number(), toLine: z.number(), lines: z.array(z.string()) })),
        }),
      ),
    }),
  },
  failures: ['RecordNotFound'],
  handle: async ({ tenant, environment: here, query }, services) => {
    const from = await named(services, tenant, here, query.from);
    const to = await named(services, tenant, here, query.to);
    return {
      status: 200,
      body: { from: from.hash, to: to.hash, parts: bundleDifferences(from.bundle, to.bundle) },
    };
  },
});

async function named(
  services: ApiServices,
  tenant: Tenant,
  here: Environment,
  name: string,
): Promise<{ readonly hash: string; readonly bundle: PromptBundle }> {
  if (name === 'folder') {
    return folderBundle(services, tenant).catch((error: unknown) => {
      throw filesProblem(error);
    });
  }
  const { promptBundles, promptActivations } = services.store;
  const hash = name === 'active' ? (await promptActivations.active(tenant.slug, here))?.hash : name;
  const found = hash === undefined ? undefined : await promptBundles.get(tenant.slug, hash);
  if (!found) throw new Problem('RecordNotFound', { detail: `There is no bundle "${name}".` });
  return found;
}
