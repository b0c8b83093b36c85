import { z } from 'zod';
import { invalidRequest, json, type Answer } from '../answer.js';
import { contextLost } from '../lost-context.js';
import { driftBefore } from '../drift.js';
import { comparePositions, positionOf } from '../state/project-store.js';
import type { EventRecord } from '../state/records.js';
import { cursorText, readCursor } from '../wire/cursor.js';
import { totalCost } from '../wire/values.js';
import { v2FieldsOf, v2Row } from '../wire/v2-observation.js';
import { fieldNames, limitUpTo, parseQuery, texts, textValue, time, within } from './query.js';
import type { Call, Route } from './route.js';
import { fits, readFilter, type Columns } from './row-filter.js';
import { iso } from '../wire/values.js';

const listQuery = z.object({
  limit: limitUpTo(1_000, 0),
  cursor: textValue,
  fields: fieldNames,
  expandMetadata: texts,
  type: textValue,
  name: textValue,
  userId: textValue,
  sessionId: textValue,
  level: textValue,
  traceId: textValue,
  version: textValue,
  parentObservationId: textValue,
  isRootObservation: textValue,
  environment: texts,
  fromStartTime: time,
  toStartTime: time,
  filter: textValue,
  parseIoAsJson: z
    .string()
    .optional()
    .refine((value) => value !== 'true', {
      error:
        'parseIoAsJson=true is no longer supported on the v2 observations endpoint. Input/output fields are always returned as raw strings. Remove the parseIoAsJson parameter or set it to false.',
    }),
});

const isRoot = ({ synthetic, observation: { way, parentId } }: EventRecord): boolean =>
  synthetic || (way === 'otlp' && parentId === null);

/** What `filter` of v2 lists and metrics may ask of a row. `lost` = the trace's fields are unknown there. */
export const eventColumns = (lost: (traceId: string) => boolean): Columns<EventRecord> => {
  const context = (row: EventRecord): EventRecord['context'] | null =>
    lost(row.observation.traceId) ? null : row.context;
  return {
    id: (row) => row.observation.id,
    traceId: (row) => row.observation.traceId,
    type: (row) => row.observation.type,
    name: (row) => row.observation.name ?? '',
    level: (row) => row.observation.level,
    statusMessage: (row) => row.observation.statusMessage ?? '',
    version: (row) => row.observation.version ?? row.context.version ?? '',
    environment: (row) => row.observation.environment,
    startTime: (row) => row.observation.startMs,
    endTime: (row) => row.observation.endMs,
    parentObservationId: (row) => row.observation.parentId,
    providedModelName: (row) => row.observation.model ?? '',
    promptName: (row) => row.observation.promptName ?? '',
    promptVersion: (row) => row.observation.promptVersion,
    metadata: (row) => row.observation.metadata,
    totalCost: (row) => totalCost(row.observation.costDetails),
    isRootObservation: (row) => isRoot(row),
    userId: (row) => context(row)?.userId ?? '',
    sessionId: (row) => context(row)?.sessionId ?? '',
    traceName: (row) => context(row)?.name ?? '',
    tags: (row) => context(row)?.tags ?? [],
    release: (row) => row.context.release ?? '',
    traceRelease: (row) => row.context.release ?? '',
    traceVersion: (row) => row.context.version ?? '',
  };
};

const notInThisMode = json(404, {
  message: 'This endpoint is only available in a Langfuse v4 write mode.',
  error: 'LangfuseNotFoundError',
});

/** What v2 endpoints say while the server writes v1 tables only; null in the other modes. */
export const refusedInLegacy = ({ simulation: { switches } }: Call): Answer | null =>
  switches.mode === 'legacy' ? notInThisMode : null;

function listEvents(call: Call): Answer {
  const { simulation, project, query } = call;
  const { switches } = simulation;
  const asked = parseQuery(listQuery, query);
  const lost = contextLost(switches);
  const columns = eventColumns(lost);
  const conditions = readFilter(asked.filter, columns);
  const after = asked.cursor === undefined ? null : readCursor(asked.cursor);
  if (asked.cursor !== undefined && !after) throw invalidRequest('Invalid cursor format');
  if (switches.mode === 'legacy')
    return switches.legacyV2 === 'notFound' ? notInThisMode : json(200, { data: [], meta: {} });
  if (asked.limit === 0) return json(200, { data: [], meta: {} });
  if (after)
    driftBefore(simulation, project, { fromTimestamp: asked.fromStartTime, toTimestamp: asked.toStartTime });

  const wanted = (row: EventRecord): boolean =>
    within(row.observation.startMs, asked.fromStartTime, asked.toStartTime) &&
    (asked.type === undefined || row.observation.type === asked.type) &&
    (asked.name === undefined || row.observation.name === asked.name) &&
    (asked.level === undefined || row.observation.level === asked.level) &&
    (asked.version === undefined || (row.observation.version ?? row.context.version) === asked.version) &&
    (asked.parentObservationId === undefined || row.observation.parentId === asked.parentObservationId) &&
    (asked.isRootObservation === undefined || String(isRoot(row)) === asked.isRootObservation) &&
    (asked.userId === undefined || columns['userId']?.(row) === asked.userId) &&
    (asked.sessionId === undefined || columns['sessionId']?.(row) === asked.sessionId) &&
    (asked.environment?.includes(row.observation.environment) ?? true) &&
    fits(row, conditions, columns);

  simulation.pages = after ? simulation.pages + 1 : 1;
  const every = (n: number): boolean => n > 0 && simulation.pages % n === 0;
  const limit = every(switches.shortPageEvery) ? Math.ceil(asked.limit / 2) : asked.limit;
  const { page, more } = pageAfter(
    asked.traceId === undefined ? project.store.events() : project.store.eventsOf(asked.traceId),
    after,
    wanted,
    limit,
    asked.toStartTime === undefined ? Infinity : Date.parse(asked.toStartTime),
    asked.fromStartTime === undefined ? -Infinity : Date.parse(asked.fromStartTime),
  );
  if (every(switches.emptyPageEvery) && page[0]) {
    return json(200, { data: [], meta: { cursor: cursorBefore(page[0]) } });
  }
  const last = page.at(-1);
  const repeats = switches.repeatCursorFrom > 0 && simulation.pages >= switches.repeatCursorFrom;
  const cursor =
    repeats && asked.cursor !== undefined ? asked.cursor : more && last ? cursorOf(last) : undefined;
  const rendering = {
    projectId: project.id,
    fields: v2FieldsOf(asked.fields),
    expandMetadata: asked.expandMetadata ?? [],
    contextLost: lost,
  };
  return json(200, {
    data: page.map((row) => v2Row(row, rendering)),
    meta: cursor === undefined ? {} : { cursor },
  });
}

const cursorOf = ({ observation }: EventRecord): string =>
  cursorText({ startTime: iso(observation.startMs), traceId: observation.traceId, id: observation.id });

/** A cursor that leaves a row the next one: what a page that found nothing on its way says. */
const cursorBefore = ({ observation }: EventRecord): string =>
  cursorText({
    startTime: iso(observation.startMs),
    traceId: observation.traceId,
    id: `${observation.id}!`,
  });

/** Up to `limit` rows that come strictly after a position; `more` = another one follows. Rows are in v2 order already. */
function pageAfter(
  rows: readonly EventRecord[],
  after: Parameters<typeof comparePositions>[0] | null,
  wanted: (row: EventRecord) => boolean,
  limit: number,
  beforeMs: number,
  fromMs: number,
): { readonly page: readonly EventRecord[]; readonly more: boolean } {
  const page: EventRecord[] = [];
  let index = firstIndex(rows, (row) =>
    after ? comparePositions(after, positionOf(row)) < 0 : row.observation.startMs < beforeMs,
  );
  for (; index < rows.length; index += 1) {
    const row = rows[index];
    if (!row || row.observation.startMs < fromMs) break;
    if (!wanted(row)) continue;
    if (page.length === limit) return { page, more: true };
    page.push(row);
  }
  return { page, more: false };
}

/** First index of sorted rows from which on a condition holds. */
function firstIndex(rows: readonly EventRecord[], holds: (row: EventRecord) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && holds(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const v2ObservationReads: readonly Route[] = [
  { method: 'GET', pattern: '/v2/observations', bucket: 'general', deprecated: null, handle: listEvents },
];
