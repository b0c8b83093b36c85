import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isoTime } from '../issues.js';
import { levels, observationTypes, type ObservationType } from '../state/records.js';
import type { ObservationWrite, TraceWrite } from './merge.js';
import type { SeedScore } from './seed.js';

const time = isoTime.nullish();
const textField = z.string().nullish();
const units = z.record(z.string(), z.number().nullish()).nullish();

const traceBody = z.looseObject({
  id: textField,
  timestamp: time,
  name: textField,
  userId: textField,
  sessionId: textField,
  release: textField,
  version: textField,
  environment: textField,
  public: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  metadata: z.unknown().optional(),
});

const observationBody = z.looseObject({
  id: textField,
  traceId: textField,
  type: z.enum(observationTypes).nullish(),
  startTime: time,
  endTime: time,
  completionStartTime: time,
  parentObservationId: textField,
  name: textField,
  level: z.enum(levels).nullish(),
  statusMessage: textField,
  version: textField,
  environment: textField,
  model: textField,
  modelParameters: z.record(z.string(), z.unknown()).nullish(),
  usage: z.record(z.string(), z.union([z.number(), z.string()]).nullish()).nullish(),
  usageDetails: units,
  costDetails: units,
  promptName: textField,
  promptVersion: z.number().int().nullish(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  metadata: z.unknown().optional(),
});

const scoreBody = z.looseObject({
  id: textField,
  traceId: textField,
  sessionId: textField,
  observationId: textField,
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  dataType: z.enum(['NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT', 'CORRECTION']).nullish(),
  comment: textField,
  environment: textField,
  metadata: z.unknown().optional(),
});

const envelope = { id: z.string(), timestamp: isoTime };
const kinds = [
  'span',
  'generation',
  'event',
  'agent',
  'tool',
  'chain',
  'retriever',
  'evaluator',
  'embedding',
  'guardrail',
  'observation',
] as const;
const observationEvents = kinds.flatMap((kind) => [`${kind}-create`, `${kind}-update`] as const);

/** An event of a batch. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('trace-create'), body: traceBody }),
  z.object({ ...envelope, type: z.literal('score-create'), body: scoreBody }),
  z.object({ ...envelope, type: z.literal('sdk-log'), body: z.unknown() }),
  z.object({ ...envelope, type: z.enum(observationEvents), body: observationBody }),
]);
export type IngestionEvent = z.output<typeof eventSchema>;

/** The type that an event's name says; undefined where the body says it. */
export function typeOfEvent(eventType: string): ObservationType | undefined {
  const kind = eventType.split('-')[0]?.toUpperCase();
  return observationTypes.find((type) => type === kind);
}

const msOf = (value: string | null | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Date.parse(value);

export const traceWriteOf = (id: string, body: z.output<typeof traceBody>): TraceWrite => ({
  ...body,
  id,
  timestampMs: msOf(body.timestamp),
});

export const observationWriteOf = (
  traceId: string,
  body: z.output<typeof observationBody>,
  type: ObservationType | undefined,
): ObservationWrite => ({
  id: body.id ?? randomUUID(),
  traceId,
  type: type ?? body.type ?? undefined,
  startMs: msOf(body.startTime),
  endMs: msOf(body.endTime),
  completionStartMs: msOf(body.completionStartTime),
  parentId: body.parentObservationId,
  name: body.name,
  level: body.level,
  statusMessage: body.statusMessage,
  version: body.version,
  environment: body.environment,
  model: body.model,
  modelParameters: body.modelParameters,
  usageDetails: body.usageDetails ? numbersOf(body.usageDetails) : usageOf(body.usage),
  costDetails: body.costDetails ? numbersOf(body.costDetails) : costsOf(body.usage),
  promptName: body.promptName,
  promptVersion: body.promptVersion,
  input: body.input,
  output: body.output,
  metadata: body.metadata,
});

const numbersOf = (details: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/** The older spellings of usage: `input, output, total` and OpenAI's. */
const spellings: Readonly<Record<string, string>> = {
  input: 'input',
  output: 'output',
  total: 'total',
  promptTokens: 'input',
  completionTokens: 'output',
  totalTokens: 'total',
  prompt_tokens: 'input',
  completion_tokens: 'output',
  total_tokens: 'total',
};

const costSpellings: Readonly<Record<string, string>> = {
  inputCost: 'input',
  outputCost: 'output',
  totalCost: 'total',
};

function renamed(
  usage: Readonly<Record<string, unknown>> | null | undefined,
  names: Readonly<Record<string, string>>,
): Record<string, number> | undefined {
  const entries = Object.entries(numbersOf(usage ?? {})).flatMap(([key, value]) => {
    const name = names[key];
    return name === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const usageOf = (
  usage: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, number> | undefined => renamed(usage, spellings);
const costsOf = (
  usage: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, number> | undefined => renamed(usage, costSpellings);

/** A score of an event or of `POST /scores`; its kind follows from the value where it is not said. */
export function scoreOf(given: Readonly<Record<string, unknown>>, saidAtMs: number): SeedScore {
  const body = scoreBody.parse(given);
  const numeric = typeof body.value === 'number';
  return {
    id: body.id ?? randomUUID(),
    traceId: body.traceId ?? null,
    sessionId: body.sessionId ?? null,
    observationId: body.observationId ?? null,
    name: body.name,
    value: numeric ? Number(body.value) : null,
    stringValue: numeric ? null : String(body.value),
    dataType: body.dataType ?? (numeric ? 'NUMERIC' : 'CATEGORICAL'),
    comment: body.comment ?? null,
    metadata: typeof body.metadata === 'object' && body.metadata !== null ? { ...body.metadata } : {},
    environment: body.environment ?? 'default',
    timestampMs: saidAtMs,
  };
}
