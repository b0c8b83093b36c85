import type { Project, Simulation } from './simulation.js';
import { seedTrace } from './writes/seed.js';

/**
 * Rows that arrive while somebody pages: before each page but the first, half of them at the beginning of the window (older than what was
 * read), half near its end. Their names carry a running number, so that a test can tell them from the rest.
 */
export function driftBefore(
  { switches, clock }: Simulation,
  { store }: Project,
  window: { readonly fromTimestamp?: string | undefined; readonly toTimestamp?: string | undefined },
): void {
  const nowMs = clock.nowMs();
  const from = window.fromTimestamp === undefined ? nowMs - 3_600_000 : Date.parse(window.fromTimestamp);
  const to = window.toTimestamp === undefined ? nowMs : Date.parse(window.toTimestamp);
  for (let index = 0; index < switches.driftPerPage; index += 1) {
    const number = store.traces.size;
    const timestampMs = index % 2 === 0 ? from + number : Math.max(from, to - 1 - number);
    seedTrace(
      store,
      {
        id: `drift-${number}-${index}`,
        name: 'drift',
        timestampMs,
        observations: [
          { id: `drift-${number}-${index}-o`, name: 'drift', startMs: timestampMs, endMs: timestampMs + 5 },
        ],
      },
      nowMs,
    );
  }
}
