import { deleteRoutes } from '../writes/deletes.js';
import { ingestionRoutes } from '../writes/ingestion.js';
import { otlpRoutes } from '../writes/otlp.js';
import { dailyMetrics } from './daily-metrics.js';
import { metricsReads } from './metrics-reads.js';
import { observationReads } from './observation-reads.js';
import type { Route } from './route.js';
import { scoreReads } from './score-reads.js';
import { serverReads } from './server-reads.js';
import { sessionReads } from './session-reads.js';
import { traceReads } from './trace-reads.js';
import { v2ObservationReads } from './v2-observation-reads.js';

const routes: readonly Route[] = [
  ...traceReads,
  ...sessionReads,
  ...observationReads,
  ...v2ObservationReads,
  ...metricsReads,
  ...dailyMetrics,
  ...scoreReads,
  ...serverReads,
  ...ingestionRoutes,
  ...otlpRoutes,
  ...deleteRoutes,
];

export interface Match {
  /** null = the path exists, but not with this method. */
  readonly route: Route | null;
  readonly parts: readonly string[];
}

/** The route of a path below `/api/public`; null for a path that is none of the API's. */
export function matchRoute(method: string, path: string): Match | null {
  const given = path.split('/').slice(1);
  const fitting = routes.filter(({ pattern }) => {
    const wanted = pattern.split('/').slice(1);
    return (
      wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index])
    );
  });
  const literal = fitting.filter(({ pattern }) => !pattern.includes('*'));
  const candidates = literal.length > 0 ? literal : fitting;
  if (candidates.length === 0) return null;
  const route = candidates.find((candidate) => candidate.method === method) ?? null;
  const open = (candidates[0]?.pattern ?? '').split('/').slice(1);
  return { route, parts: given.filter((_, index) => open[index] === '*').map(decoded) };
}

/** Ids come percent-encoded, or raw from clients that do not encode. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
