import { Langfuse } from 'langfuse';
import type { Secret } from '../../platform/config/secret.js';
import type { Bucket } from '../../domain/langfuse/rate-limits.js';
import { faultOfAnswer, LangfuseError } from './errors.js';

export interface LangfuseAccount {
  readonly host: string;
  readonly publicKey: string;
  readonly secretKey: Secret;
}

/** One answer: parsed, with the size of its text in bytes. */
export interface Answer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: number;
}

/** Times are ISO with zone: anything else is a 400, or worse ignored (langfuse.md 2). */
interface V1Range {
  readonly page: number;
  readonly limit: number;
}

/**
 * The reads that the import uses, each with exactly the parameters that it may have (a misspelt one would export everything), and the two
 * ways of writing our own traces.
 */
export interface LangfuseClient {
  health(): Promise<Answer>;
  projects(): Promise<Answer>;
  traces(
    query: V1Range & {
      readonly fromTimestamp: string;
      readonly toTimestamp: string;
      readonly fields: string;
      readonly orderBy: 'id.asc';
    },
  ): Promise<Answer>;
  trace(traceId: string): Promise<Answer>;
  session(sessionId: string): Promise<Answer>;
  observations(
    query: V1Range & {
      readonly fromStartTime: string;
      readonly toStartTime: string;
      readonly type?: string;
      readonly level?: string;
    },
  ): Promise<Answer>;
  observationsV2(query: {
    readonly limit: number;
    readonly fields: string;
    readonly cursor?: string;
    readonly fromStartTime?: string;
    readonly toStartTime?: string;
    readonly traceId?: string;
    readonly sessionId?: string;
  }): Promise<Answer>;
  metrics(api: 'v1' | 'v2', query: object): Promise<Answer>;
  /** `POST /ingestion`. The answer has a verdict for each event; that of the whole says little (langfuse.md 5). */
  ingest(batch: string): Promise<Answer>;
  /** `POST /otel/v1/traces` in JSON. One unreadable span refuses all. */
  exportSpans(spans: string): Promise<Answer>;
  models(query: V1Range): Promise<Answer>;
}

export interface ClientHooks {
  /** Takes a request out of the budget before it is sent; throws LangfuseError `throttled` when there is none. */
  readonly admit: (bucket: Bucket, endpoint: string) => Promise<void>;
  /** The server refused a request of this bucket. */
  readonly refused: (bucket: Bucket, waitMs: number, most: number | null) => Promise<void>;
  /** An answer said that its endpoint will go away. */
  readonly deprecated: (notice: Readonly<Record<string, unknown>>) => void;
  readonly signal: AbortSignal;
}

/** Langfuse lets a list run for a minute at most before it says 422 or a gateway gives up. */
const deadlineMs = 60_000;

type RawRead = (params: { readonly signal: AbortSignal; readonly format: 'text' }) => Promise<unknown>;

/**
 * The typed wrapper around the SDK's raw calls (langfuse.md 9: the convenient ones answer a 401 with an empty success, and the raw ones
 * throw the Response itself). Bodies are read as text, so that their size is known and a page of HTML is never taken for data.
 */
export function createLangfuseClient(account: LangfuseAccount, hooks: ClientHooks): LangfuseClient {
  const { api } = new Langfuse({
    baseUrl: account.host.replace(/\/+$/, ''),
    publicKey: account.publicKey,
    secretKey: account.secretKey.reveal(),
    // It would collect traces of its own otherwise.
    enabled: false,
  });

  async function read(endpoint: string, bucket: Bucket, listing: boolean, raw: RawRead): Promise<Answer> {
    await hooks.admit(bucket, endpoint);
    const deadline = AbortSignal.timeout(deadlineMs);
    let text: unknown;
    try {
      text = await raw({ signal: AbortSignal.any([hooks.signal, deadline]), format: 'text' });
    } catch (error) {
      hooks.signal.throwIfAborted();
      if (deadline.aborted) throw new LangfuseError(endpoint, { kind: 'unavailable', why: 'deadline' });
      if (!(error instanceof Response))
        throw new LangfuseError(endpoint, { kind: 'unavailable', why: 'network' });
      const refusal = (error as Response & { readonly error?: unknown }).error;
      const answer = typeof refusal === 'string' ? refusal : '';
      const fault = faultOfAnswer(error.status, answer, error.headers, listing);
      if (fault.kind === 'throttled') await hooks.refused(bucket, fault.waitMs, fault.most);
      throw new LangfuseError(endpoint, fault);
    }
    hooks.signal.throwIfAborted();
    // The SDK swallows what breaks while a body is read and answers null.
    if (typeof text !== 'string')
      throw new LangfuseError(endpoint, {
        kind: 'unavailable',
        why: deadline.aborted ? 'deadline' : 'brokenBody',
      });
    const body = parsed(endpoint, text);
    const notice = body['_deprecation'];
    if (typeof notice === 'object' && notice !== null) hooks.deprecated({ ...notice });
    return { body, bytes: Buffer.byteLength(text) };
  }

  /** The SDK has no method for v2; its parameters are spread last, so the path can be given (langfuse.md 9; a test guards it). */
  const at = (path: string, params: object): object => ({ ...params, path });

  return {
    health: () => read('health', 'general', false, (params) => api.healthHealth(params)),
    projects: () => read('projects', 'general', true, (params) => api.projectsGet(params)),
    traces: (query) => read('traces', 'legacyReads', true, (params) => api.traceList(query, params)),
    // Ids are not encoded by the SDK and hold any character.
    trace: (traceId) =>
      read('traces/{id}', 'legacyReads', false, (params) =>
        api.traceGet(encodeURIComponent(traceId), params),
      ),
    session: (sessionId) =>
      read('sessions/{id}', 'legacyReads', false, (params) =>
        api.sessionsGet(encodeURIComponent(sessionId), params),
      ),
    observations: (query) =>
      read('observations', 'legacyReads', true, (params) => api.observationsGetMany(query, params)),
    observationsV2: (query) =>
      read('v2/observations', 'general', true, (params) =>
        api.observationsGetMany(query, at('/api/public/v2/observations', params)),
      ),
    models: (query) => read('models', 'general', true, (params) => api.modelsList(query, params)),
    metrics: (version, query) =>
      version === 'v1'
        ? read('metrics', 'metricsV1', true, (params) =>
            api.metricsMetrics({ query: JSON.stringify(query) }, params),
          )
        : read('v2/metrics', 'metricsV2', true, (params) =>
            api.metricsMetrics({ query: JSON.stringify(query) }, at('/api/public/v2/metrics', params)),
          ),
    // Never the SDK's queue, which loses events (langfuse.md 9). It writes JSON again byte by byte as it was read.
    ingest: (batch) =>
      read('ingestion', 'ingestion', true, (params) =>
        api.ingestionBatch(JSON.parse(batch) as never, params),
      ),
    exportSpans: (spans) =>
      read('otel/v1/traces', 'ingestion', true, (params) =>
        api.ingestionBatch(
          JSON.parse(spans) as never,
          // Without the header v2 shows the spans minutes later (langfuse.md 5).
          at('/api/public/otel/v1/traces', { ...params, headers: { 'x-langfuse-ingestion-version': '4' } }),
        ),
      ),
  };
}

function parsed(endpoint: string, text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new LangfuseError(endpoint, { kind: 'malformed', why: 'no JSON' });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new LangfuseError(endpoint, { kind: 'malformed', why: 'no object' });
  return body as Record<string, unknown>;
}

/** Rows and meta of a list. An answer without either is no list, and never "nothing there" (langfuse.md 10, "Empty success"). */
export function listOf(
  endpoint: string,
  { body }: Answer,
): { readonly rows: readonly unknown[]; readonly meta: Readonly<Record<string, unknown>> } {
  const { data, meta } = body;
  if (!Array.isArray(data) || typeof meta !== 'object' || meta === null)
    throw new LangfuseError(endpoint, { kind: 'malformed', why: 'no data or no meta' });
  return { rows: data, meta: meta as Record<string, unknown> };
}
