import type { ObservationRow, ReadApi, TraceRow } from './rows.js';

interface Dated {
  readonly serverCreatedAtMs: number | null;
  readonly serverUpdatedAtMs: number | null;
}

/**
 * Whether `next` says more recent things than `known`. Times of the two APIs differ by milliseconds for one row and are never compared
 * (langfuse.md 4): what another API says now is taken. A row without times is taken as news.
 */
function isNewer(known: Dated & { readonly api: ReadApi }, next: Dated & { readonly api: ReadApi }): boolean {
  if (known.api !== next.api) return true;
  const before = known.serverUpdatedAtMs ?? -Infinity;
  const after = next.serverUpdatedAtMs ?? Infinity;
  if (before !== after) return after > before;
  return (next.serverCreatedAtMs ?? Infinity) >= (known.serverCreatedAtMs ?? -Infinity);
}

/**
 * One row out of two versions of it: the newer version wins field by field, and nothing unset ever overwrites what was known
 * (langfuse.md 10: a `""` of v2 must not cost us the session that v1 knew).
 */
function merge<Row extends Dated>(
  known: Row & { readonly api: ReadApi },
  next: Row & { readonly api: ReadApi },
): Row & { readonly api: ReadApi } {
  const [first, second] = isNewer(known, next) ? [next, known] : [known, next];
  const unset = Object.fromEntries(
    Object.entries(second).filter(([key]) => first[key as keyof Row] === null),
  );
  return { ...first, ...unset };
}

export type Versioned<Row> = Row & { readonly api: ReadApi };

export function mergeTrace(known: Versioned<TraceRow>, next: Versioned<TraceRow>): Versioned<TraceRow> {
  const merged = merge(known, next);
  const { startedAtMs, startSource } = startOf(known, next);
  return { ...merged, startedAtMs, startSource };
}

/** A trace's own time beats one that was derived; of two derived ones the earlier counts. */
function startOf(known: TraceRow, next: TraceRow): Pick<TraceRow, 'startedAtMs' | 'startSource'> {
  if (next.startSource === 'trace') return next;
  if (known.startSource === 'trace') return known;
  return next.startedAtMs < known.startedAtMs ? next : known;
}

export const mergeObservation = (
  known: Versioned<ObservationRow>,
  next: Versioned<ObservationRow>,
): Versioned<ObservationRow> => merge(known, next);

/** Whether two versions say the same, so that nothing needs to be written. */
export const sameRow = (left: object, right: object): boolean => {
  const other = right as Readonly<Record<string, unknown>>;
  return Object.entries(left).every(([key, value]) => other[key] === value);
};
