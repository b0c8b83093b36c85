const day = 24 * 60 * 60_000;
/** Everything must be settled, which takes twenty minutes by default. */
const youngestMs = 30 * 60_000;
const spreadMs = 7 * day;

export const observationsPerTrace = 4;

const said =
  'We have a place on Tuesday at half past nine with Dr. Invented; would that suit both children? '.repeat(2);

/**
 * Turns of an invented agent, evenly spread over a week before `nowMs`, as orders for the double: a generation with usage, two tools and
 * a step, with some hundred bytes of what was said on each.
 */
export function inventedTraces(count: number, nowMs: number): readonly object[] {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return Array.from({ length: count }, (_, index) => {
    const startMs = nowMs - youngestMs - Math.floor((spreadMs * index) / count);
    const id = `bench-${index}`;
    const step = (name: string, type: string, atMs: number, lastsMs: number, more: object = {}) => ({
      id: `${id}-${name}`,
      type,
      name,
      startTime: iso(startMs + atMs),
      endTime: iso(startMs + atMs + lastsMs),
      input: { text: said },
      output: { text: said },
      ...more,
    });
    return {
      id,
      way: 'otlp',
      timestamp: iso(startMs),
      name: 'turn',
      release: 'agent-1',
      sessionId: `session-${Math.floor(index / 4)}`,
      userId: `caller-${Math.floor(index / 12)}`,
      tags: index % 4 === 0 ? ['outcome:booked'] : [],
      input: { text: said },
      output: { text: said },
      observations: [
        step('reply', 'GENERATION', 0, 1_500 + (index % 700), {
          model: 'gpt-4o',
          completionStartTime: iso(startMs + 400),
          usageDetails: { input: 900 + (index % 100), output: 60, total: 960 + (index % 100) },
        }),
        step('find_slots', 'TOOL', 100, 300),
        step(
          'hold_slot',
          'TOOL',
          500,
          200,
          index % 50 === 0 ? { level: 'ERROR', statusMessage: 'taken' } : {},
        ),
        step('policy', 'SPAN', 800, 20),
      ],
    };
  });
}

/** The range in which they lie. */
export const inventedRange = (nowMs: number): { readonly fromMs: number; readonly toMs: number } => ({
  fromMs: nowMs - youngestMs - spreadMs,
  toMs: nowMs - youngestMs + 1,
});
