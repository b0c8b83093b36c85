import { z } from 'zod';
import { invalidData, invalidRequest, json, notFound, type Answer } from '../answer.js';
import type { ScoreRecord } from '../state/records.js';
import { scoreListRow, scoreRow, scoreV3 } from '../wire/score.js';
import { metaOf } from './page-of-rows.js';
import { limitUpTo, pageNumber, parseQuery, texts, textValue, time, within } from './query.js';
import type { Call, Route } from './route.js';

const listQuery = z.object({
  page: pageNumber,
  limit: limitUpTo(100, 1),
  name: textValue,
  userId: textValue,
  traceId: textValue,
  sessionId: textValue,
  source: textValue,
  dataType: textValue,
  scoreIds: texts,
  environment: texts,
  fromTimestamp: time,
  toTimestamp: time,
});

const newestFirst = (a: ScoreRecord, b: ScoreRecord): number =>
  b.timestampMs - a.timestampMs || (a.id < b.id ? 1 : -1);

/** `GET /scores` and `/v2/scores`, by pages. */
function listScores({ project: { store }, query }: Call): Answer {
  const asked = parseQuery(listQuery, query);
  const rows = [...store.scores.values()]
    .filter(
      (score) =>
        within(score.timestampMs, asked.fromTimestamp, asked.toTimestamp) &&
        (asked.name === undefined || score.name === asked.name) &&
        (asked.traceId === undefined || score.traceId === asked.traceId) &&
        (asked.sessionId === undefined || score.sessionId === asked.sessionId) &&
        (asked.source === undefined || score.source === asked.source) &&
        (asked.dataType === undefined || score.dataType === asked.dataType) &&
        (asked.scoreIds?.includes(score.id) ?? true) &&
        (asked.environment?.includes(score.environment) ?? true) &&
        (asked.userId === undefined || store.traces.get(score.traceId ?? '')?.userId === asked.userId),
    )
    .sort(newestFirst);
  const { page, limit } = asked;
  return json(200, {
    data: rows
      .slice((page - 1) * limit, page * limit)
      .map((score) => scoreListRow(score, store.id, store.traces.get(score.traceId ?? ''))),
    meta: metaOf(page, limit, rows.length),
  });
}

function getScore({ project: { store }, parts: [id = ''] }: Call): Answer {
  const score = store.scores.get(id);
  if (!score) throw notFound('Score not found within authorized project');
  return json(200, scoreRow(score, store.id));
}

const groups = ['details', 'subject', 'annotation'];

const v3Query = z.object({
  limit: limitUpTo(100, 1),
  cursor: textValue,
  fields: texts,
  name: texts,
  traceId: texts,
  sessionId: texts,
  environment: texts,
  fromTimestamp: time,
  toTimestamp: time,
});

const cursorShape = z.object({ lastTimestamp: z.number(), lastId: z.string() });

/** `GET /v3/scores`, by cursor. */
function listV3({ project: { store }, query }: Call): Answer {
  const asked = parseQuery(v3Query, query);
  const unknown = asked.fields?.find((name) => !groups.includes(name));
  if (unknown !== undefined)
    throw invalidData([{ code: 'custom', path: ['fields'], message: `Unknown field group: ${unknown}` }]);
  const after = asked.cursor === undefined ? null : readCursor(asked.cursor);
  const rows = [...store.scores.values()]
    .filter(
      (score) =>
        within(score.timestampMs, asked.fromTimestamp, asked.toTimestamp) &&
        (asked.name?.includes(score.name) ?? true) &&
        (asked.traceId?.includes(score.traceId ?? '') ?? true) &&
        (asked.sessionId?.includes(score.sessionId ?? '') ?? true) &&
        (asked.environment?.includes(score.environment) ?? true) &&
        (!after ||
          score.timestampMs < after.lastTimestamp ||
          (score.timestampMs === after.lastTimestamp && score.id < after.lastId)),
    )
    .sort(newestFirst);
  const page = rows.slice(0, asked.limit);
  const last = page.at(-1);
  const cursor =
    rows.length > page.length && last
      ? Buffer.from(JSON.stringify({ lastTimestamp: last.timestampMs, lastId: last.id })).toString(
          'base64url',
        )
      : undefined;
  return json(200, {
    data: page.map((score) => scoreV3(score, store.id, new Set(asked.fields))),
    meta: { limit: asked.limit, ...(cursor !== undefined && { cursor }) },
  });
}

function readCursor(text: string): z.output<typeof cursorShape> {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw invalidRequest('Invalid cursor format');
  }
}

export const scoreReads: readonly Route[] = [
  { method: 'GET', pattern: '/scores', bucket: 'general', deprecated: 'scores', handle: listScores },
  { method: 'GET', pattern: '/v2/scores', bucket: 'general', deprecated: 'scores', handle: listScores },
  { method: 'GET', pattern: '/v2/scores/*', bucket: 'general', deprecated: 'scores', handle: getScore },
  { method: 'GET', pattern: '/scores/*', bucket: 'general', deprecated: 'scores', handle: getScore },
  { method: 'GET', pattern: '/v3/scores', bucket: 'general', deprecated: null, handle: listV3 },
];
