import type { Langfuse } from 'langfuse';

/**
 * The import that one writes first with `langfuse` 3.39.2, as it stands in many repositories: no wrapper, no proof, no second look. Tests
 * show what becomes of it where ours ends right. It is not stupid: it pages, keeps rows by id, and goes on where its last run began.
 */
export interface NaiveStore {
  /** When the last run began, which is where the next one goes on. */
  since: Date | undefined;
  readonly traces: Map<string, { readonly sessionId: string | null; readonly costUsd: number }>;
  readonly observations: Map<
    string,
    {
      readonly level: string;
      readonly latency: number | null;
      readonly firstToken: number | null;
    }
  >;
}

export const naiveStore = (): NaiveStore => ({
  since: undefined,
  traces: new Map(),
  observations: new Map(),
});

interface NaiveOrder {
  readonly nowMs: number;
  readonly pageSize: number;
}

/** Pages after which a test takes it that a loop does not end. */
const patience = 100;

function onward(page: number): void {
  if (page > patience) throw new Error('never');
}

/** The SDK's types promise data; after a 401, 404, 429 or 500 there is none, and nothing is thrown (langfuse.md 9). */
type Answer<Call extends 'fetchTraces' | 'fetchObservations'> = Partial<Awaited<ReturnType<Langfuse[Call]>>>;

/** Over the convenient calls of the SDK, page by page until one is empty. */
export async function naiveSdkImport(
  store: NaiveStore,
  client: Langfuse,
  {
    nowMs,
    pageSize,
    fields,
    untilTotal,
    mirror,
  }: NaiveOrder & {
    /** Fewer fields, because they are faster. */
    readonly fields?: string;
    /** Reads on until it has as many as the server says. */
    readonly untilTotal?: boolean;
    /** What a full read does not show any more is deleted. */
    readonly mirror?: boolean;
  },
): Promise<void> {
  const since = mirror ? undefined : store.since;
  const seen = new Set<string>();
  for (let page = 1; ; page += 1) {
    onward(page);
    const { data = [], meta } = (await client.fetchTraces({
      page,
      limit: pageSize,
      ...(since === undefined ? {} : { fromTimestamp: since }),
      ...(fields === undefined ? {} : { fields }),
    })) as Answer<'fetchTraces'>;
    for (const { id, sessionId, totalCost } of data) {
      seen.add(id);
      store.traces.set(id, { sessionId: sessionId ?? null, costUsd: totalCost });
    }
    if (untilTotal ? store.traces.size >= (meta?.totalItems ?? 0) : data.length === 0) break;
  }
  for (let page = 1; ; page += 1) {
    onward(page);
    const { data = [] } = (await client.fetchObservations({
      page,
      limit: pageSize,
      ...(since === undefined ? {} : { fromStartTime: since }),
    })) as Answer<'fetchObservations'>;
    for (const { id, level, latency, timeToFirstToken } of data) {
      seen.add(id);
      store.observations.set(id, {
        level,
        latency: latency ?? null,
        firstToken: timeToFirstToken ?? null,
      });
    }
    if (data.length === 0) break;
  }
  if (mirror)
    for (const rows of [store.traces, store.observations])
      for (const id of rows.keys()) if (!seen.has(id)) rows.delete(id);
  store.since = new Date(nowMs);
}

/** Over the v2 API, by cursor until a page is not full. */
export async function naiveEventImport(
  store: NaiveStore,
  read: (path: string) => Promise<unknown>,
  { pageSize }: NaiveOrder,
): Promise<void> {
  const costs = new Map<string, number>();
  let cursor = '';
  for (let page = 1; ; page += 1) {
    onward(page);
    const { data, meta } = (await read(
      `/v2/observations?fields=core,basic,usage&limit=${pageSize}${cursor}`,
    )) as EventPage;
    for (const { id, traceId, sessionId, level, totalCost, latency, timeToFirstToken } of data) {
      costs.set(traceId, totalCost + (costs.get(traceId) ?? 0));
      store.traces.set(traceId, { sessionId, costUsd: costs.get(traceId) ?? 0 });
      store.observations.set(id, { level, latency, firstToken: timeToFirstToken });
    }
    if (data.length < pageSize) return;
    cursor = meta.cursor ? `&cursor=${encodeURIComponent(meta.cursor)}` : '';
  }
}

interface EventPage {
  readonly data: readonly {
    readonly id: string;
    readonly traceId: string;
    readonly sessionId: string;
    readonly level: string;
    readonly totalCost: number;
    readonly latency: number | null;
    readonly timeToFirstToken: number | null;
  }[];
  readonly meta: { readonly cursor?: string };
}
