import { createHash } from 'node:crypto';
import { answerSchema } from '../../domain/agent/answer.js';
import { toolSchemas, type JsonObjectSchema, type ToolName } from '../../domain/agent/tools.js';
import type { Language, Tenant } from '../../domain/tenant.js';
import type { PromptFiles } from '../tenants/tenant-registry.js';
import { canonicalJson } from './canonical-json.js';
import { practiceText } from './system-text.js';

/** How the model is spoken to. */
export type BackendName = 'api' | `cli@${string}`;

interface SystemBlock {
  readonly type: 'text';
  readonly text: string;
  readonly cache_control?: { readonly type: 'ephemeral' };
}

interface BundleTool {
  readonly name: ToolName;
  readonly description: string;
  readonly strict: true;
  readonly input_schema: JsonObjectSchema;
}

interface OwnTexts {
  readonly system?: readonly SystemBlock[];
  /** Descriptions; names and schemas are the same in every language. */
  readonly tools?: Readonly<Record<ToolName, string>>;
}

/**
 * All that shapes the model's behaviour and must not change within a conversation (claude.md 7): a change voids caches and thinking
 * blocks. Plain JSON, immutable, known by its hash.
 */
export interface PromptBundle {
  /** `api`, or `cli@<version>`: what the CLI adds to a prompt differs between its versions (claude.md 2.2). */
  readonly backend: BackendName;
  readonly model: string;
  /** Absent in bundles from before there was one. */
  readonly fallbackModel?: string | null;
  readonly effort: 'low' | 'medium' | 'high';
  /** Null = the model's own default. */
  readonly thinking: { readonly type: 'between_tools' } | null;
  readonly maxTokens: number;
  readonly toolChoice: { readonly type: 'auto'; readonly disable_parallel_tool_use: true };
  readonly system: readonly SystemBlock[];
  readonly tools: readonly BundleTool[];
  /** What languages have of their own; `system` and `tools` serve all others. Absent where none has. */
  readonly languages?: Readonly<Partial<Record<Language, OwnTexts>>>;
  readonly formatSchema: Readonly<Record<string, unknown>>;
  readonly guardVersion: string;
}

/** Raised when the gates or the claim check change what the agent may do; bundles, and so conversations, then tell the versions apart. */
const guardVersion = '2';

/** Sonnet 5.5 cannot switch thinking off; this keeps it away from plain answers (claude.md 1.10). */
const thinksBetweenTools = new Set(['claude-sonnet-5-5']);

const thinkingOf = (model: string): PromptBundle['thinking'] =>
  thinksBetweenTools.has(model) ? { type: 'between_tools' } : null;

/** The same bundle asked of its fallback model: the one change within a conversation that is allowed (claude.md summary 4). Null without one. */
export const onFallback = (bundle: PromptBundle): PromptBundle | null =>
  bundle.fallbackModel
    ? { ...bundle, model: bundle.fallbackModel, thinking: thinkingOf(bundle.fallbackModel) }
    : null;

/**
 * The bundle as a conversation of this language is told it. The language of a conversation never changes, so neither does what this gives
 * (claude.md summary 4).
 */
export function inLanguage(bundle: PromptBundle, language: Language): PromptBundle {
  const own = bundle.languages?.[language];
  if (!own) return bundle;
  return {
    ...bundle,
    system: own.system ?? bundle.system,
    tools: bundle.tools.map((tool) => ({ ...tool, description: own.tools?.[tool.name] ?? tool.description })),
  };
}

/**
 * The bundle of a tenant's files as they are now. The same input gives the same bytes: nothing volatile is in it (claude.md 1.5).
 */
export function buildPromptBundle(tenant: Tenant, files: PromptFiles, backend: BackendName): PromptBundle {
  const schemas = toolSchemas({
    visitTypes: tenant.visitTypes.map(({ key }) => key),
    locations: tenant.locations.map(({ key }) => key),
  });
  return {
    backend,
    model: tenant.model.name,
    fallbackModel: tenant.model.fallback,
    effort: 'low', // a receptionist's work; decided by evaluation later (claude.md 1.10)
    thinking: thinkingOf(tenant.model.name),
    maxTokens: tenant.model.maxTokens,
    toolChoice: { type: 'auto', disable_parallel_tool_use: true },
    system: systemBlocks(tenant, files.system, 'en'),
    tools: toolNames(schemas).map((name) => ({
      name,
      description: files.tools[name],
      strict: true,
      input_schema: schemas[name],
    })),
    ...ownTexts(tenant, files),
    formatSchema: answerSchema,
    guardVersion,
  };
}

const systemBlocks = (tenant: Tenant, words: string, language: Language): readonly SystemBlock[] => [
  { type: 'text', text: words },
  { type: 'text', text: practiceText(tenant, language), cache_control: { type: 'ephemeral' } },
];

/** A language with a system text of its own is told the practice's facts in it, too. */
function ownTexts(tenant: Tenant, { languages = {} }: PromptFiles): Pick<PromptBundle, 'languages'> {
  const own = tenant.languages.flatMap((language) => {
    const { system, tools } = languages[language] ?? {};
    if (system === undefined && tools === undefined) return [];
    const texts: OwnTexts = {
      ...(system !== undefined && { system: systemBlocks(tenant, system, language) }),
      ...(tools !== undefined && { tools }),
    };
    return [[language, texts] as const];
  });
  return own.length === 0 ? {} : { languages: Object.fromEntries(own) };
}

/** The bundle's name: sha256 of its canonical JSON, in hexadecimal. */
export const bundleHash = (bundle: PromptBundle): string =>
  createHash('sha256').update(canonicalJson(bundle)).digest('hex');

const toolNames = (schemas: Readonly<Record<ToolName, JsonObjectSchema>>): ToolName[] =>
  Object.keys(schemas) as ToolName[];
