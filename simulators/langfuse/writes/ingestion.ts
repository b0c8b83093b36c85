import { z } from 'zod';
import { recordedIssues } from '../issues.js';
import { invalidData, json, text, tooLargeToIngest, type Answer, Refusal } from '../answer.js';
import type { Call, Route } from '../routes/route.js';
import type { ProjectStore } from '../state/project-store.js';
import type { ObservationType } from '../state/records.js';
import {
  eventSchema,
  observationWriteOf,
  scoreOf,
  traceWriteOf,
  typeOfEvent,
  type IngestionEvent,
} from './ingestion-events.js';
import { mergeObservation, mergeTrace } from './merge.js';
import { putScore } from './seed.js';
import { delaysOf } from './visibility.js';

const longestBody = 4.5 * 1024 * 1024;

const batchBody = z.object({ batch: z.array(z.unknown()) });

interface EventError {
  readonly id: string;
  readonly status: number;
  readonly message: string;
  readonly error: string;
}

/** `POST /ingestion`: 207 with a verdict per event; a whole request fails only when it cannot be read (langfuse.md 5). */
function ingest(call: Call): Answer {
  const { simulation, project } = call;
  return verdicts(call.body, (id, given) => {
    const event = eventSchema.safeParse(given);
    if (!event.success) return badEvent(id, recordedIssues(event.error.issues));
    if (simulation.switches.mode === 'events_only' && !['score-create', 'sdk-log'].includes(event.data.type))
      return notAccepted(id, event.data.type);
    const bytes = JSON.stringify(given);
    // The same bytes again change nothing; another body under the same envelope id is applied as well.
    if (project.store.envelopes.get(id) !== bytes) {
      project.store.envelopes.set(id, bytes);
      accept(call, event.data);
    }
    return null;
  });
}

function accept({ simulation: { switches }, project: { store }, nowMs }: Call, event: IngestionEvent): void {
  const delays = delaysOf(switches);
  const saidAtMs = Date.parse(event.timestamp);
  if (event.type === 'score-create') {
    store.later(nowMs + delays.ingestionToV1, (atMs) => putScore(store, scoreOf(event.body, saidAtMs), atMs));
    return;
  }
  if (event.type === 'sdk-log') return;
  const traceId = event.type === 'trace-create' ? event.body.id : event.body.traceId;
  if (traceId === undefined || traceId === null) return;
  const type = typeOfEvent(event.type);
  store.later(nowMs + delays.ingestionToV1, (atMs) => {
    write(store, event, traceId, type, { atMs, saidAtMs });
    store.later(atMs + delays.ingestionToV2, () => store.propagate(traceId));
  });
}

function write(
  store: ProjectStore,
  event: IngestionEvent,
  traceId: string,
  type: ObservationType | undefined,
  commit: { readonly atMs: number; readonly saidAtMs: number },
): void {
  if (event.type === 'trace-create') mergeTrace(store, traceWriteOf(traceId, event.body), commit);
  else if (event.type !== 'score-create' && event.type !== 'sdk-log')
    mergeObservation(store, observationWriteOf(traceId, event.body, type), commit);
}

/** Reads the batch and asks for each event what is wrong with it. */
function verdicts(body: Buffer, judge: (id: string, event: unknown) => EventError | null): Answer {
  if (body.length > longestBody) return tooLargeToIngest;
  let given: unknown;
  try {
    given = JSON.parse(body.toString('utf8'));
  } catch {
    return text(400, 'Invalid JSON');
  }
  const request = batchBody.safeParse(given);
  if (!request.success)
    throw new Refusal(
      json(400, {
        message: 'Invalid request data',
        errors: request.error.issues.map(({ message }) => message),
      }),
    );
  const successes: { id: string; status: number }[] = [];
  const errors: EventError[] = [];
  for (const event of request.data.batch) {
    const id = idOf(event);
    const error = judge(id, event);
    if (error) errors.push(error);
    else successes.push({ id, status: 201 });
  }
  return json(207, { successes, errors });
}

const idOf = (event: unknown): string => z.object({ id: z.string() }).safeParse(event).data?.id ?? 'unknown';

const badEvent = (id: string, issues: unknown): EventError => ({
  id,
  status: 400,
  message: 'Invalid request data',
  error: JSON.stringify(issues, null, 2),
});

const notAccepted = (id: string, type: string): EventError => ({
  id,
  status: 400,
  message: 'Event type not accepted',
  error: `Event type "${type}" is not accepted by /api/public/ingestion when LANGFUSE_MIGRATION_V4_WRITE_MODE is events_only. This endpoint only accepts score and log events. Upgrade the client or integration to a v4-compatible SDK or OTLP ingestion path. As a temporary migration bridge, set LANGFUSE_MIGRATION_V4_WRITE_MODE=dual on both the web and worker services and redeploy. Docs: https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4`,
});

/** A public key may send nothing but is answered per event. */
const ingestWithPublicKey = ({ body }: Omit<Call, 'project'>): Answer =>
  verdicts(body, (id) => ({
    id,
    status: 401,
    message: 'Authentication error',
    error: 'Access Scope Denied',
  }));

const scoreBody = z.looseObject({
  id: z.string().nullish(),
  name: z.string(),
  value: z.union([z.number(), z.string()]),
});

/** `POST /scores`: one score, at once. */
function createScore({ project: { store }, body, nowMs }: Call): Answer {
  let given: unknown;
  try {
    given = JSON.parse(body.toString('utf8'));
  } catch {
    return text(400, 'Invalid JSON');
  }
  const parsed = scoreBody.safeParse(given);
  if (!parsed.success) throw invalidData(recordedIssues(parsed.error.issues));
  const score = scoreOf(parsed.data, nowMs);
  putScore(store, score, nowMs);
  return json(200, { id: score.id });
}

export const ingestionRoutes: readonly Route[] = [
  {
    method: 'POST',
    pattern: '/ingestion',
    bucket: 'ingestion',
    deprecated: null,
    handle: ingest,
    bearer: ingestWithPublicKey,
  },
  { method: 'POST', pattern: '/scores', bucket: 'ingestion', deprecated: null, handle: createScore },
];
