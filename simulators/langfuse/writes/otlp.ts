import { randomBytes, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { json, type Answer } from '../answer.js';
import type { Call, Route } from '../routes/route.js';
import type { ProjectStore } from '../state/project-store.js';
import { readExport, type ReceivedExport, type ReceivedSpan } from './otlp-export.js';
import { decodeExport } from './otlp-protobuf.js';
import { contextOf, observationOf, traceAfter } from './otlp-spans.js';
import { delaysOf } from './visibility.js';

const refused = (error: string): Answer => json(400, { error });

/** `POST /otel/v1/traces`: JSON or protobuf, gzip or not. The answer is the queue's job (langfuse.md 5). */
function receive(call: Call): Answer {
  const { headers, simulation, project, nowMs } = call;
  const type = headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json' && type !== 'application/x-protobuf')
    return refused('Invalid content type');
  const version = String(headers['x-langfuse-ingestion-version'] ?? '');
  if (Number(version) > 4) return refused(`Unsupported ingestion version: ${version}`);
  let received: ReceivedExport;
  try {
    const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(call.body) : call.body;
    received = readExport(
      type === 'application/json' ? JSON.parse(bytes.toString('utf8')) : decodeExport(bytes),
    );
  } catch {
    return refused('The export cannot be read.');
  }
  if (received.fault !== null) return refused(received.fault);
  if (received.spans.length === 0) return json(200, {});
  apply(call, received.spans, version);
  simulation.otlpJobs += 1;
  return json(200, jobOf(simulation.otlpJobs, project, version, nowMs));
}

/** v1 shows the spans soon; v2 as well with version 4 or without v1, else after the propagation. */
function apply(
  { simulation: { switches }, project: { store }, nowMs }: Call,
  spans: readonly ReceivedSpan[],
  version: string,
): void {
  const delays = delaysOf(switches);
  const eventsOnly = switches.mode === 'events_only';
  const realTime = version === '4' || eventsOnly;
  store.later(nowMs + (eventsOnly ? delays.otlpInEventsOnly : delays.otlp), (atMs) => {
    const rows = spans.map((span) => put(store, span, atMs));
    const publish = (): void => {
      for (const { observation, context } of rows) store.appendEvent(observation, context);
    };
    if (realTime) publish();
    else store.later(atMs + delays.ingestionToV2, publish);
  });
}

function put(
  store: ProjectStore,
  span: ReceivedSpan,
  atMs: number,
): {
  readonly observation: ReturnType<typeof observationOf>;
  readonly context: ReturnType<typeof contextOf>;
} {
  const trace = traceAfter(store.traces.get(span.traceId), span, atMs);
  store.putTrace(trace);
  store.noteSession(trace.sessionId, trace.environment, atMs);
  const observation = observationOf(span, store, atMs);
  store.putObservation(observation);
  return { observation, context: contextOf(span) };
}

/** The job of the server's queue; it echoes the public key, so clients must not log it. */
function jobOf(
  number: number,
  project: Call['project'],
  version: string,
  nowMs: number,
): Record<string, unknown> {
  const now = new Date(nowMs).toISOString();
  const file = `events/otel/${project.id}/${now.slice(0, 16).replace(/[-T:]/g, '/')}/${randomUUID()}.json`;
  return {
    name: 'otel-ingestion-job',
    data: {
      id: randomUUID(),
      timestamp: now,
      name: 'otel-ingestion-job',
      payload: {
        data: { fileKey: file, publicKey: project.publicKey },
        authCheck: {
          validKey: true,
          scope: { projectId: project.id, accessLevel: 'project', orgId: project.organisation.id },
        },
        sdkName: 'unknown',
        sdkVersion: 'unknown',
        ingestionVersion: version,
      },
    },
    opts: {
      attempts: 6,
      removeOnComplete: true,
      removeOnFail: 100_000,
      backoff: { type: 'exponential', delay: 5_000 },
      traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
      baggage: [
        ...(version === '' ? [] : [`langfuse.header.x-langfuse-ingestion-version=${version}`]),
        'langfuse.clickhouse.surface=publicapi',
        'langfuse.clickhouse.route=POST%20%2Fapi%2Fpublic%2Fotel%2Fv1%2Ftraces',
        `langfuse.project.id=${project.id}`,
        'langfuse.api_key.id=REDACTED',
      ].join(','),
    },
    id: String(number),
    progress: 0,
    returnvalue: null,
    stacktrace: null,
    priority: 0,
    attemptsStarted: 0,
    attemptsMade: 0,
    stalledCounter: 0,
    timestamp: nowMs,
    queueQualifiedName: 'bull:otel-ingestion-queue',
  };
}

export const otlpRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/otel/v1/traces', bucket: 'ingestion', deprecated: null, handle: receive },
];
