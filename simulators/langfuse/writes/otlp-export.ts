import { z } from 'zod';

type AnyValue = z.output<typeof anyValue>;

const anyValue = z.looseObject({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  arrayValue: z.looseObject({ values: z.array(z.looseObject({})).default([]) }).optional(),
  kvlistValue: z
    .looseObject({
      values: z.array(z.looseObject({ key: z.string(), value: z.looseObject({}) })).default([]),
    })
    .optional(),
});
const attributes = z.array(z.looseObject({ key: z.string(), value: anyValue.default({}) })).default([]);
const nanoseconds = z.union([z.string(), z.number()]);

const span = z.looseObject({
  traceId: z.unknown().optional(),
  spanId: z.unknown().optional(),
  parentSpanId: z.string().optional(),
  name: z.string().default(''),
  startTimeUnixNano: nanoseconds.optional(),
  endTimeUnixNano: nanoseconds.optional(),
  attributes,
  status: z
    .looseObject({ code: z.union([z.number(), z.string()]).optional(), message: z.string().optional() })
    .optional(),
});

/** An export as OTLP/JSON has it, or protobuf decoded to the same shape. */
const exportSchema = z.looseObject({
  resourceSpans: z
    .array(
      z.looseObject({
        resource: z.looseObject({ attributes }).optional(),
        scopeSpans: z
          .array(
            z.looseObject({
              scope: z
                .looseObject({ name: z.string().optional(), version: z.string().optional(), attributes })
                .optional(),
              spans: z.array(span).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly failed: boolean;
  readonly statusMessage: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: Readonly<Record<string, unknown>>;
}

export interface ReceivedExport {
  readonly spans: readonly ReceivedSpan[];
  /** What refuses the whole export: how many of how many spans have no usable ids, and the first of them. */
  readonly fault: string | null;
}

/** Reads all spans. One bad id refuses the whole export (langfuse.md 5). */
export function readExport(given: unknown): ReceivedExport {
  const spans: ReceivedSpan[] = [];
  const bad: string[] = [];
  let total = 0;
  const scopes = new Set<string>();
  for (const { resource, scopeSpans } of exportSchema.parse(given).resourceSpans) {
    for (const { scope, spans: sent } of scopeSpans) {
      for (const one of sent) {
        total += 1;
        const { traceId, spanId } = one;
        if (typeof traceId !== 'string' || typeof spanId !== 'string') {
          bad.push(`traceId:${kindOf(traceId)}, spanId:${kindOf(spanId)}`);
          scopes.add(scope?.name ?? 'unknown');
          continue;
        }
        spans.push({
          traceId,
          spanId,
          parentSpanId: one.parentSpanId === undefined || one.parentSpanId === '' ? null : one.parentSpanId,
          name: one.name,
          startMs: millisecondsOf(one.startTimeUnixNano) ?? 0,
          endMs: millisecondsOf(one.endTimeUnixNano),
          failed: one.status?.code === 2 || one.status?.code === 'STATUS_CODE_ERROR',
          statusMessage: one.status?.message ?? null,
          attributes: plain(one.attributes),
          resource: plain(resource?.attributes ?? []),
          scope: {
            ...(scope?.name !== undefined && { name: scope.name }),
            ...(scope?.version !== undefined && { version: scope.version }),
            attributes: plain(scope?.attributes ?? []),
          },
        });
      }
    }
  }
  const [first] = bad;
  if (first === undefined) return { spans, fault: null };
  return {
    spans: [],
    fault: `Invalid OTLP trace export: ${bad.length} of ${total} span(s) cannot be processed (${first}). traceId and spanId are required on every span, and each must be a string or a byte array. The entire export was rejected and no spans were ingested. Instrumentation scopes: ${[...scopes].join(', ')}. This endpoint accepts OpenTelemetry traces only — if you are exporting OpenTelemetry logs, point your log exporter elsewhere.`,
  };
}

const kindOf = (value: unknown): string => (value === undefined ? 'absent' : typeof value);

/** Nanoseconds floored to milliseconds, without losing digits. */
const millisecondsOf = (nano: string | number | undefined): number | null =>
  nano === undefined ? null : Number(BigInt(nano) / 1_000_000n);

const plain = (list: z.output<typeof attributes>): Record<string, unknown> =>
  Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));

function valueOf(value: AnyValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return value.arrayValue.values.map((inner) => valueOf(anyValue.parse(inner)));
  if (value.kvlistValue)
    return Object.fromEntries(
      value.kvlistValue.values.map((inner) => [inner.key, valueOf(anyValue.parse(inner.value))]),
    );
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}
