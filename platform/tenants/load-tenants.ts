import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { ToolName } from '../../domain/agent/tools.js';
import type { Language, Tenant } from '../../domain/tenant.js';
import { ConfigError } from '../config/config-error.js';
import type { PromptFiles, TenantRegistry } from './tenant-registry.js';
import { tenantSchema, toolTextsSchema } from './tenant-schema.js';

/**
 * Reads `<folder>/<slug>/tenant.json` and `v1/` of every tenant. Throws ConfigError with every problem of every file: file, path and what
 * was expected. Texts are read again when asked for, so that a changed prompt is a new bundle without a restart. `system.md` and
 * `tools.json` serve every language that has no `system.<language>.md` or `tools.<language>.json`.
 */
export async function loadTenants(folder: string): Promise<TenantRegistry> {
  const problems: string[] = [];
  const slugs = (await readdir(folder, { withFileTypes: true }).catch(nothingThere))
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
    await readPromptFiles(folder, slug, tenant?.languages, problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    get: (slug) => tenants.get(slug),
    list: () => [...tenants.values()],
    promptFiles: async (slug) => {
      const tenant = tenants.get(slug);
      if (!tenant) throw new Error(`There is no tenant "${slug}".`);
      const found: string[] = [];
      const files = await readPromptFiles(folder, slug, tenant.languages, found);
      if (!files || found.length > 0) throw new ConfigError(found);
      return files;
    },
    flowFiles: async (slug) => {
      const place = join(folder, slug, 'nodered');
      const names = (await readdir(place).catch(nothingThere))
        .filter((name) => name.endsWith('.json'))
        .sort();
      return Promise.all(
        names.map(async (name) => ({
          name: name.replace(/\.json$/, ''),
          text: await readFile(join(place, name), 'utf8'),
        })),
      );
    },
  };
}

/** A folder that is not there has no files; one that cannot be read must not look as if it were empty. */
function nothingThere(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** A text of `v1/`, with its language when it has one: `system.md`, `tools.es.json`. */
const promptFile = /^(?:system(?:\.(?<system>[^.]+))?\.md|tools(?:\.(?<tools>[^.]+))?\.json)$/;

/** `spoken` undefined = unknown, since the tenant's own file is wrong. */
async function readPromptFiles(
  folder: string,
  slug: string,
  spoken: readonly Language[] | undefined,
  problems: string[],
): Promise<PromptFiles | undefined> {
  const v1 = join(folder, slug, 'v1');
  const readTools = async (name: string): Promise<PromptFiles['tools'] | undefined> => {
    const path = join(v1, name);
    const tools = parse(path, await readText(path, problems), toolTextsSchema, problems);
    return tools as Record<ToolName, string> | undefined;
  };
  const system = await readText(join(v1, 'system.md'), problems);
  const tools = await readTools('tools.json');
  const languages: Partial<Record<Language, { system?: string; tools?: PromptFiles['tools'] }>> = {};
  for (const name of (await readdir(v1).catch(nothingThere)).sort()) {
    const named = promptFile.exec(name)?.groups;
    const tag = named?.['system'] ?? named?.['tools'];
    if (tag === undefined) continue;
    const language = spoken?.find((one) => one === tag);
    // A file that nobody would read is a mistake, most likely in its name.
    if (language === undefined) {
      if (spoken) problems.push(`${join(v1, name)}: "${tag}" is none of the languages in tenant.json`);
      continue;
    }
    const own = (languages[language] ??= {});
    if (name.startsWith('system')) {
      const text = await readText(join(v1, name), problems);
      if (text !== undefined) own.system = text;
    } else {
      const texts = await readTools(name);
      if (texts !== undefined) own.tools = texts;
    }
  }
  return system && tools ? { system, tools, languages } : undefined;
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
