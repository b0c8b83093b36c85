import { structuredPatch } from 'diff';
import { canonicalJson } from './canonical-json.js';
import type { PromptBundle } from './prompt-bundle.js';

/** Where a part of a bundle comes from: what a person edits to change it. `service` is this version of the product and its settings. */
type PartSource = 'v1/system.md' | 'v1/tools.json' | 'tenant.json' | 'service';

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

const json = (source: PartSource, value: unknown): Part => ({
  source,
  text: JSON.stringify(JSON.parse(canonicalJson(value)), null, 2),
});
