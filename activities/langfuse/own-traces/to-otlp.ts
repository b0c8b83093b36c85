import type { OwnObservation } from './own-event.js';

type Value =
  { readonly stringValue: string } | { readonly arrayValue: { readonly values: readonly Value[] } };

const text = (value: unknown): Value => ({
  stringValue: typeof value === 'string' ? value : JSON.stringify(value),
});

/** Nanoseconds as text: they are beyond what a number holds. */
const nanoseconds = (ms: number): string => `${ms}000000`;

const spanType = { turn: 'span', generation: 'generation', tool: 'tool' } as const;

/**
 * The event as one OTLP span in JSON. Session, user, name and tags of the trace stand on every span: a server that keeps events only joins
 * nothing (langfuse.md 13).
 */
export function toSpan(own: OwnObservation): string {
  const attributes: Readonly<Record<string, Value | null>> = {
    'langfuse.trace.name': text(own.traceName),
    'session.id': text(own.sessionId),
    'user.id': own.userId === null ? null : text(own.userId),
    'langfuse.trace.tags': { arrayValue: { values: own.tags.map(text) } },
    'langfuse.environment': text(own.environment),
    'langfuse.observation.type': text(spanType[own.kind]),
    'langfuse.observation.level': text(own.level),
    'langfuse.observation.status_message': own.statusMessage === null ? null : text(own.statusMessage),
    'langfuse.observation.model.name': own.model === null ? null : text(own.model),
    'langfuse.observation.usage_details': own.usage === null ? null : text(own.usage),
    'langfuse.observation.cost_details': own.costUsd === null ? null : text({ total: own.costUsd }),
    'langfuse.observation.input': own.input === undefined ? null : text(own.input),
    'langfuse.observation.output': own.output === undefined ? null : text(own.output),
    ...Object.fromEntries(
      Object.entries(own.metadata).map(([key, value]) => [
        `langfuse.observation.metadata.${key}`,
        text(String(value)),
      ]),
    ),
  };
  return JSON.stringify({
    traceId: own.traceId,
    spanId: own.observationId,
    ...(own.parentId === null ? {} : { parentSpanId: own.parentId }),
    name: own.name,
    kind: 1,
    startTimeUnixNano: nanoseconds(own.startMs),
    endTimeUnixNano: nanoseconds(own.endMs),
    attributes: Object.entries(attributes).flatMap(([key, value]) =>
      value === null ? [] : [{ key, value }],
    ),
  });
}

const resource = JSON.stringify({ attributes: [{ key: 'service.name', value: text('chairside') }] });

export const spanExport = (spans: readonly string[]): string =>
  `{"resourceSpans":[{"resource":${resource},"scopeSpans":[{"scope":{"name":"chairside"},"spans":[${spans.join(',')}]}]}]}`;
