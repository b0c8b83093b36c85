import type { ProjectStore } from '../state/project-store.js';
import {
  levels,
  observationTypes,
  type Json,
  type Level,
  type ObservationRecord,
  type TraceContext,
  type TraceRecord,
} from '../state/records.js';
import type { ReceivedSpan } from './otlp-export.js';

type Attributes = ReceivedSpan['attributes'];

const textOf = (attributes: Attributes, ...keys: readonly string[]): string | null => {
  for (const key of keys) {
    const value = attributes[key];
    if (value !== undefined && value !== null)
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
  return null;
};

/** Objects come as JSON texts. */
function jsonOf(attributes: Attributes, key: string): unknown {
  const text = attributes[key];
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordOf = (attributes: Attributes, key: string): Record<string, unknown> | null => {
  const value = jsonOf(attributes, key);
  return isRecord(value) ? value : null;
};

const numbersOf = (attributes: Attributes, key: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(recordOf(attributes, key) ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );

const tagsOf = (attributes: Attributes): readonly string[] => {
  const tags = jsonOf(attributes, 'langfuse.trace.tags');
  return Array.isArray(tags) ? tags.map(String) : [];
};

const environmentOf = ({ attributes, resource }: ReceivedSpan): string => {
  const keys = ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'];
  return textOf(attributes, ...keys) ?? textOf(resource, ...keys) ?? 'default';
};

/** Other spellings of a level. */
const spelled: Readonly<Record<string, Level>> = {
  INFO: 'DEFAULT',
  TRACE: 'DEBUG',
  WARN: 'WARNING',
  FATAL: 'ERROR',
  CRITICAL: 'ERROR',
};

function levelOf({ attributes, failed }: ReceivedSpan): Level {
  const said = textOf(attributes, 'langfuse.observation.level')?.toUpperCase();
  const known = levels.find((level) => level === said) ?? (said === undefined ? undefined : spelled[said]);
  return known ?? (failed ? 'ERROR' : 'DEFAULT');
}

/** What v1 shows as metadata: attributes as texts, without the io that has its own fields. */
function metadataOf({ attributes, resource, scope }: ReceivedSpan, prefix: string): Json {
  const own = Object.entries(attributes)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  const shown = Object.entries(attributes)
    .filter(([key]) => !/^langfuse\.(observation|trace)\.(input|output|metadata\.)/.test(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)] as const);
  return {
    ...Object.fromEntries(own),
    attributes: Object.fromEntries(shown),
    resourceAttributes: resource,
    scope,
  };
}

/** The row of a span (langfuse.md 5). A re-export replaces it in v1 and adds to it in v2. */
export function observationOf(span: ReceivedSpan, store: ProjectStore, atMs: number): ObservationRecord {
  const { attributes } = span;
  const said = textOf(attributes, 'langfuse.observation.type')?.toUpperCase();
  const type = observationTypes.find((known) => known === said) ?? 'SPAN';
  const model = textOf(attributes, 'langfuse.observation.model.name', 'gen_ai.request.model');
  const parameters = recordOf(attributes, 'langfuse.observation.model.parameters');
  const modelParameters = parameters ?? (type === 'GENERATION' ? {} : null);
  const metadata = metadataOf(span, 'langfuse.observation.metadata.');
  const completionStart = jsonOf(attributes, 'langfuse.observation.completion_start_time');
  const promptVersion = Number(textOf(attributes, 'langfuse.observation.prompt.version') ?? Number.NaN);
  return {
    id: span.spanId,
    traceId: span.traceId,
    way: 'otlp',
    type,
    startMs: span.startMs,
    endMs: span.endMs,
    parentId: span.parentSpanId,
    name: span.name,
    level: levelOf(span),
    statusMessage: textOf(attributes, 'langfuse.observation.status_message') ?? span.statusMessage,
    version: textOf(attributes, 'langfuse.version') ?? textOf(span.resource, 'service.version'),
    environment: environmentOf(span),
    createdAtMs: atMs,
    updatedAtMs: atMs,
    input: textOf(attributes, 'langfuse.observation.input'),
    output: textOf(attributes, 'langfuse.observation.output'),
    metadata,
    model,
    modelParameters,
    completionStartMs: typeof completionStart === 'string' ? Date.parse(completionStart) : null,
    promptId: null,
    promptName: textOf(attributes, 'langfuse.observation.prompt.name'),
    promptVersion: Number.isInteger(promptVersion) ? promptVersion : null,
    ...store.prices.price({
      model,
      usageDetails: numbersOf(attributes, 'langfuse.observation.usage_details'),
      givenCosts: numbersOf(attributes, 'langfuse.observation.cost_details'),
      modelParameters,
      metadata,
    }),
  };
}

/** What a span itself says of its trace: the only thing that its v2 row knows of it. */
export const contextOf = ({ attributes, resource }: ReceivedSpan): TraceContext => ({
  name: textOf(attributes, 'langfuse.trace.name'),
  userId: textOf(attributes, 'user.id', 'langfuse.user.id'),
  sessionId: textOf(attributes, 'session.id', 'langfuse.session.id'),
  tags: tagsOf(attributes),
  release: textOf(attributes, 'langfuse.release') ?? textOf(resource, 'langfuse.release'),
  version: null,
  bookmarked: false,
  public: jsonOf(attributes, 'langfuse.trace.public') === true,
});

/** The v1 trace after one more span: named by it or by its root, with the root's io, from the first start on. */
export function traceAfter(before: TraceRecord | undefined, span: ReceivedSpan, atMs: number): TraceRecord {
  const { attributes } = span;
  const context = contextOf(span);
  const root = span.parentSpanId === null;
  return {
    id: span.traceId,
    way: before?.way ?? 'otlp',
    name: context.name ?? (root ? span.name : (before?.name ?? null)),
    timestampMs: Math.min(before?.timestampMs ?? span.startMs, span.startMs),
    environment: before?.environment ?? environmentOf(span),
    tags: [...new Set([...(before?.tags ?? []), ...context.tags])].sort(),
    bookmarked: before?.bookmarked ?? false,
    public: context.public || (before?.public ?? false),
    release: context.release ?? before?.release ?? null,
    version: before?.version ?? textOf(span.resource, 'service.version'),
    userId: context.userId ?? before?.userId ?? null,
    sessionId: context.sessionId ?? before?.sessionId ?? null,
    input:
      textOf(attributes, 'langfuse.trace.input', ...(root ? ['langfuse.observation.input'] : [])) ??
      before?.input ??
      null,
    output:
      textOf(attributes, 'langfuse.trace.output', ...(root ? ['langfuse.observation.output'] : [])) ??
      before?.output ??
      null,
    metadata: root ? metadataOf(span, 'langfuse.trace.metadata.') : (before?.metadata ?? {}),
    createdAtMs: before?.createdAtMs ?? atMs,
    updatedAtMs: atMs,
    versions: before?.versions ?? 1,
  };
}
