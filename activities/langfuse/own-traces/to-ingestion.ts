import { iso } from '../reader.js';
import type { OwnEvent, OwnObservation, OwnScore } from './own-event.js';

const eventType = { turn: 'span-create', generation: 'generation-create', tool: 'tool-create' } as const;

/** The envelope ids under which an event is acknowledged: a turn is a trace and the observation at its top. */
export const envelopeIdsOf = ({ eventId, kind }: Pick<OwnEvent, 'eventId' | 'kind'>): readonly string[] =>
  kind === 'turn' ? [`${eventId}-trace`, eventId] : [eventId];

/**
 * The event as members of an ingestion batch, separated by commas. The envelope's time is the event's own: of several with one id the first
 * time wins (langfuse.md 5).
 */
export function toIngestion(event: OwnEvent): string {
  if (event.kind === 'score') return JSON.stringify(scoreOf(event));
  const members = event.kind === 'turn' ? [traceOf(event), observationOf(event)] : [observationOf(event)];
  return members.map((member) => JSON.stringify(member)).join(',');
}

const traceOf = (turn: OwnObservation): unknown => ({
  id: `${turn.eventId}-trace`,
  type: 'trace-create',
  timestamp: iso(turn.startMs),
  body: {
    id: turn.traceId,
    timestamp: iso(turn.startMs),
    name: turn.traceName,
    userId: turn.userId,
    sessionId: turn.sessionId,
    tags: turn.tags,
    environment: turn.environment,
    input: turn.input,
    output: turn.output,
    metadata: turn.metadata,
  },
});

const observationOf = (own: OwnObservation): unknown => ({
  id: own.eventId,
  type: eventType[own.kind],
  timestamp: iso(own.startMs),
  body: {
    id: own.observationId,
    traceId: own.traceId,
    ...(own.parentId === null ? {} : { parentObservationId: own.parentId }),
    name: own.name,
    startTime: iso(own.startMs),
    endTime: iso(own.endMs),
    level: own.level,
    statusMessage: own.statusMessage,
    environment: own.environment,
    input: own.input,
    output: own.output,
    metadata: own.metadata,
    ...(own.model === null ? {} : { model: own.model }),
    ...(own.usage === null ? {} : { usageDetails: own.usage }),
    ...(own.costUsd === null ? {} : { costDetails: { total: own.costUsd } }),
  },
});

const scoreOf = (score: OwnScore): unknown => ({
  id: score.eventId,
  type: 'score-create',
  timestamp: iso(score.atMs),
  body: {
    id: score.eventId,
    traceId: score.traceId,
    name: score.name,
    value: score.value,
    dataType: 'CATEGORICAL',
    environment: score.environment,
  },
});

export const ingestionBatch = (members: readonly string[]): string => `{"batch":[${members.join(',')}]}`;
