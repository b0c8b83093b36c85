const read = 'GET /api/public/v2/observations?fromStartTime=<from>&toStartTime=<to>';
const observationsDocs = 'https://langfuse.com/docs/api-and-data-platform/features/observations-api';
const session =
  'GET /api/public/v2/observations?filter=<urlencoded sessionId filter>&fromStartTime=<from>&toStartTime=<to>';
const metrics = 'GET /api/public/v2/metrics?query=<urlencoded json query>';
const scores = 'GET /api/public/v3/scores';

/** The advice per deprecated endpoint, as recorded. */
const advice = {
  traces: [`In Langfuse v4, read span and trace data via ${read}.`, read, observationsDocs],
  sessions: [`In Langfuse v4, read session data via ${session}.`, session, observationsDocs],
  observations: [`Use ${read} instead.`, read, observationsDocs],
  metrics: [`Use ${metrics} instead.`, metrics, 'https://langfuse.com/docs/metrics/features/metrics-api'],
  scores: [
    `Use ${scores} instead.`,
    scores,
    'https://langfuse.com/docs/api-and-data-platform/features/scores-api',
  ],
} as const;

export type Deprecated = keyof typeof advice;

/** What a deprecated endpoint of Langfuse Cloud adds to its 200 replies (langfuse.md 2). */
export function deprecationOf(endpoint: Deprecated): Record<string, string> {
  const [what, replacement, docsUrl] = advice[endpoint];
  return {
    message: `On Langfuse Cloud, Langfuse v3 is deprecated and this endpoint will be removed on November 16, 2026. ${what}`,
    replacement,
    docsUrl,
    sunsetAt: '2026-11-16',
  };
}

/** What the 429 of a deprecated read says besides; it names the path. */
export const highVolumeAdvice = (path: string): string =>
  ` for GET ${path}. Use ${read} for high-volume reads.`;
