import type { EventRecord, Json, ObservationRecord } from '../state/records.js';
import { iso, isoOrNull, sumOfKeys, totalCost } from './values.js';

const v2FieldGroups = [
  'core',
  'basic',
  'time',
  'io',
  'metadata',
  'model',
  'usage',
  'prompt',
  'metrics',
  'trace_context',
] as const;
type V2FieldGroup = (typeof v2FieldGroups)[number];

/** The groups of a v2 request; core and basic unless it names some. */
export function v2FieldsOf(text: string | undefined): ReadonlySet<V2FieldGroup> {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const known = v2FieldGroups.filter((group) => names.includes(group));
  return new Set<V2FieldGroup>(known.length > 0 ? ['core', ...known] : ['core', 'basic']);
}

export interface V2Rendering {
  readonly projectId: string;
  readonly fields: ReadonlySet<V2FieldGroup>;
  /** Keys of metadata that are told whole. */
  readonly expandMetadata: readonly string[];
  /** The join with the trace was lost: session, user, tags and trace name are empty (langfuse.md 4). */
  readonly contextLost: (traceId: string) => boolean;
}

/** A row of `GET /v2/observations`, keys in the recorded order; unset texts are `""`, unlike v1. */
export function v2Row(row: EventRecord, rendering: V2Rendering): Record<string, unknown> {
  const { observation: it } = row;
  const has = (group: V2FieldGroup): boolean => rendering.fields.has(group);
  const context = rendering.contextLost(it.traceId) ? null : row.context;
  const isRoot = row.synthetic || (it.way === 'otlp' && it.parentId === null);
  return {
    id: it.id,
    traceId: it.traceId,
    startTime: iso(it.startMs),
    endTime: isoOrNull(it.endMs),
    projectId: rendering.projectId,
    parentObservationId: it.parentId ?? (it.way === 'otlp' || row.synthetic ? null : `t-${it.traceId}`),
    type: it.type,
    ...(has('basic') && {
      name: it.name ?? '',
      level: it.level,
      statusMessage: it.statusMessage ?? '',
      version: it.version ?? row.context.version ?? '',
      environment: it.environment,
    }),
    ...(has('time') && {
      completionStartTime: isoOrNull(it.completionStartMs),
      createdAt: iso(it.createdAtMs),
      updatedAt: iso(it.updatedAtMs),
    }),
    ...(has('io') && { input: it.input, output: it.output }),
    ...(has('metadata') && { metadata: metadataOf(it, rendering) }),
    ...(has('model') && {
      model: it.model ?? '',
      internalModelId: it.price.modelId ?? '',
      modelParameters: it.modelParameters ?? {},
    }),
    ...(has('usage') && {
      usageDetails: it.usageDetails,
      inputUsage: sumOfKeys(it.usageDetails, 'input') ?? 0,
      outputUsage: sumOfKeys(it.usageDetails, 'output') ?? 0,
      totalUsage: it.usageDetails['total'] ?? 0,
      costDetails: it.costDetails,
      inputCost: sumOfKeys(it.costDetails, 'input'),
      outputCost: sumOfKeys(it.costDetails, 'output'),
      totalCost: totalCost(it.costDetails),
    }),
    ...(has('prompt') && {
      promptId: it.promptId ?? '',
      promptName: it.promptName ?? '',
      promptVersion: it.promptVersion,
    }),
    ...(has('usage') && {
      usagePricingTierId: it.price.tierId,
      usagePricingTierName: it.price.tierName,
    }),
    // A zero-length span has no latency here, and what was not asked for is null, not absent.
    latency: it.endMs === null || it.endMs === it.startMs ? null : (it.endMs - it.startMs) / 1_000,
    timeToFirstToken:
      has('metrics') && it.completionStartMs !== null ? (it.completionStartMs - it.startMs) / 1_000 : null,
    ...(has('basic') && {
      userId: context?.userId ?? '',
      sessionId: context?.sessionId ?? '',
      isRootObservation: isRoot,
    }),
    ...(has('trace_context') && {
      traceName: context ? (context.name ?? '') : null,
      release: row.context.release ?? '',
      tags: context?.tags ?? [],
    }),
    ...(has('basic') && { bookmarked: row.context.bookmarked, public: row.context.public }),
    modelId: has('model') ? it.price.modelId : null,
    inputPrice: has('model') ? priceText(it.price.inputPrice) : null,
    outputPrice: has('model') ? priceText(it.price.outputPrice) : null,
    totalPrice: null,
  };
}

/** Texts, as JavaScript writes them: `"3e-7"`, `"0.0000025"`. */
const priceText = (price: number | null): string | null => (price === null ? null : String(price));

/** Longest value of metadata that is told when io is not asked for. */
const cutAt = 200;

function metadataOf(row: ObservationRecord, { fields, expandMetadata }: V2Rendering): Json {
  const flat = row.way === 'otlp' ? flattened(row.metadata) : row.metadata;
  if (fields.has('io')) return flat;
  return Object.fromEntries(
    Object.entries(flat).map(([key, value]) => [key, expandMetadata.includes(key) ? value : cut(value)]),
  );
}

function cut(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > cutAt ? text.slice(0, cutAt) : value;
}

/** `{attributes:{k}, resourceAttributes:{k}, scope:{name}}` as `attributes.k`, …; values parsed as JSON, last first as recorded. */
function flattened(nested: Json): Json {
  const entries = Object.entries(nested).flatMap(([group, values]) =>
    typeof values === 'object' && values !== null
      ? Object.entries(values).map(([key, value]: [string, unknown]) => [`${group}.${key}`, value] as const)
      : [[group, values] as const],
  );
  return Object.fromEntries(
    entries
      .filter(([, value]) => typeof value !== 'object' || Array.isArray(value))
      .reverse()
      .map(([key, value]) => [key, typeof value === 'string' ? asJson(value) : value]),
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
