import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { ToolName } from '../../domain/agent/tools.js';
import type { Tenant } from '../../domain/tenant.js';
import { ConfigError } from '../config/config-error.js';
import type { PromptFiles, TenantRegistry } from './tenant-registry.js';
import { tenantSchema, toolTextsSchema } from './tenant-schema.js';

/**
 * Reads `<folder>/<slug>/tenant.json` and `v1/` of every tenant. Throws ConfigError with every problem of every file: file, path and what
 * was expected. Texts are read again when asked for, so that a changed prompt is a new bundle without a restart.
 */
export async function loadTenants(folder: string): Promise<TenantRegistry> {
  const problems: string[] = [];
  const slugs = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  if (slugs.length === 0) problems.push(`${folder}: no tenant folder; expected <slug>/tenant.json`);
  const tenants = new Map<string, Tenant>();
  for (const slug of slugs) {
    const path = join(folder, slug, 'tenant.json');
    const tenant = parse(path, await readText(path, problems), tenantSchema, problems);
    if (tenant && tenant.slug !== slug)
      problems.push(`${path}: slug is "${tenant.slug}", expected "${slug}" like its folder`);
    if (tenant) tenants.set(slug, tenant);
    await readPromptFiles(folder, slug, problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    get: (slug) => tenants.get(slug),
    list: () => [...tenants.values()],
    promptFiles: async (slug) => {
      if (!tenants.has(slug)) throw new Error(`There is no tenant "${slug}".`);
      const found: string[] = [];
      const files = await readPromptFiles(folder, slug, found);
      if (!files) throw new ConfigError(found);
      return files;
    },
  };
}

async function readPromptFiles(
  folder: string,
  slug: string,
  problems: string[],
): Promise<PromptFiles | undefined> {
  const system = await readText(join(folder, slug, 'v1', 'system.md'), problems);
  const toolsPath = join(folder, slug, 'v1', 'tools.json');
  const tools = parse(toolsPath, await readText(toolsPath, problems), toolTextsSchema, problems);
  return system && tools ? { system, tools: tools as Record<ToolName, string> } : undefined;
}

async function readText(path: string, problems: string[]): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || text.trim() === '') problems.push(`${path}: missing or empty`);
  return text;
}

function parse<T>(
  path: string,
  text: string | undefined,
  schema: z.ZodType<T>,
  problems: string[],
): T | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    problems.push(`${path}: not JSON (${error instanceof Error ? error.message : 'unreadable'})`);
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    problems.push(`${path}: ${issue.path.join('.') || '(top)'}: ${issue.message}`);
  return undefined;
}
