import { structuredPatch } from 'diff';
import { canonicalJson } from './canonical-json.js';
import { inLanguage, type PromptBundle } from './prompt-bundle.js';

/** Where a part of a bundle comes from: what a person edits to change it. `service` is this version of the product and its settings. */
export const partSources = [
  'v1/system.md',
  'v1/system.en.md',
  'v1/system.es.md',
  'v1/tools.json',
  'v1/tools.en.json',
  'v1/tools.es.json',
  'tenant.json',
  'service',
] as const;
type PartSource = (typeof partSources)[number];

/** One part of a bundle that differs from the same part of another, as a person reads it. */
interface PartDifference {
  readonly part: string;
  readonly source: PartSource;
  readonly change: 'added' | 'removed' | 'changed';
  /** Changed places with three lines around them; lines begin with `+`, `-` or a space. */
  readonly hunks: readonly {
    readonly fromLine: number;
    readonly toLine: number;
    readonly lines: readonly string[];
  }[];
}

interface Part {
  readonly source: PartSource;
  readonly text: string;
}

/** What differs between two bundles, part by part, in the order of a bundle. Equal bundles differ in nothing. */
export function bundleDifferences(from: PromptBundle, to: PromptBundle): PartDifference[] {
  const before = partsOf(from);
  const after = partsOf(to);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((part): PartDifference[] => {
    const old = before.get(part);
    const now = after.get(part);
    if (old?.text === now?.text) return [];
    const { hunks } = structuredPatch('', '', lines(old), lines(now), '', '', { context: 3 });
    return [
      {
        part,
        source: (now ?? old)?.source ?? 'service',
        change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
        hunks: hunks.map((hunk) => ({ fromLine: hunk.oldStart, toLine: hunk.newStart, lines: hunk.lines })),
      },
    ];
  });
}

const lines = (part: Part | undefined): string =>
  part === undefined || part.text.endsWith('\n') ? (part?.text ?? '') : `${part.text}\n`;

function partsOf(bundle: PromptBundle): Map<string, Part> {
  const [words, ...practice] = bundle.system;
  return new Map<string, Part>([
    ['system text', { source: 'v1/system.md', text: words?.text ?? '' }],
    ...practice.map((block): [string, Part] => [
      'practice text',
      { source: 'tenant.json', text: block.text },
    ]),
    ...ownParts(bundle),
    ...bundle.tools.flatMap((tool): [string, Part][] => [
      [`tool ${tool.name}: description`, { source: 'v1/tools.json', text: tool.description }],
      [`tool ${tool.name}: input`, json('tenant.json', tool.input_schema)],
    ]),
    [
      'model',
      json('tenant.json', {
        model: bundle.model,
        fallback: bundle.fallbackModel ?? null,
        maxTokens: bundle.maxTokens,
      }),
    ],
    [
      'settings',
      json('service', {
        backend: bundle.backend,
        effort: bundle.effort,
        thinking: bundle.thinking,
        toolChoice: bundle.toolChoice,
        guardVersion: bundle.guardVersion,
      }),
    ],
    ['answer format', json('service', bundle.formatSchema)],
  ]);
}

/** Texts that a language has of its own. */
function ownParts(bundle: PromptBundle): [string, Part][] {
  return (['en', 'es'] as const).flatMap((language): [string, Part][] => {
    const own = bundle.languages?.[language];
    const [words, ...practice] = own?.system ?? [];
    const tools = own?.tools ? inLanguage(bundle, language).tools : [];
    return [
      ...(words ? [part(`system text (${language})`, `v1/system.${language}.md`, words.text)] : []),
      ...practice.map(({ text }) => part(`practice text (${language})`, 'tenant.json', text)),
      ...tools.map(({ name, description }) =>
        part(`tool ${name}: description (${language})`, `v1/tools.${language}.json`, description),
      ),
    ];
  });
}

const part = (name: string, source: PartSource, text: string): [string, Part] => [name, { source, text }];

const json = (source: PartSource, value: unknown): Part => ({
  source,
  text: JSON.stringify(JSON.parse(canonicalJson(value)), null, 2),
});
