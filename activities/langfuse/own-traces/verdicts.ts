import { envelopeIdsOf } from './to-ingestion.js';
import type { OwnEventKind } from '../../../platform/store/langfuse/own-trace-events.js';

/** What a 207 says of one of our events. */
export type Verdict =
  | { readonly kind: 'taken' }
  /** For good: our bytes are what is wrong. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The server keeps events only by now and takes this kind over the other way. It has nothing of it. */
  | { readonly kind: 'otherWay'; readonly reason: string }
  /** Nothing was taken, and it is not the event's fault. */
  | { readonly kind: 'later'; readonly because: 'auth' | 'server' }
  /** Not a word about it: the server may have it. */
  | { readonly kind: 'unclear' };

interface EventError {
  readonly status: number;
  readonly message: string;
  readonly error: unknown;
}

/** Reads both lists of a 207, for success is per event (langfuse.md 13). An event of two members is taken when both are. */
export function verdictsOf(
  body: Readonly<Record<string, unknown>>,
  events: readonly { readonly eventId: string; readonly kind: OwnEventKind }[],
): ReadonlyMap<string, Verdict> {
  const taken = new Set(rowsOf(body['successes']).map(({ id }) => id));
  const errors = new Map(
    rowsOf(body['errors']).map((row) => [
      row['id'],
      { status: Number(row['status']), message: textOf(row['message']), error: row['error'] },
    ]),
  );
  return new Map(
    events.map((event) => {
      const ids = envelopeIdsOf(event);
      const [error] = ids.flatMap((id) => errors.get(id) ?? []);
      if (!error) return [event.eventId, { kind: ids.every((id) => taken.has(id)) ? 'taken' : 'unclear' }];
      const verdict = verdictOfError(error);
      // A half of it is there: the rest must follow over the same way.
      const half = verdict.kind !== 'refused' && ids.some((id) => taken.has(id));
      return [event.eventId, half ? { kind: 'unclear' } : verdict];
    }),
  );
}

const rowsOf = (list: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(list)
    ? list.filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null)
    : [];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function verdictOfError(error: EventError): Verdict {
  const { status, message } = error;
  if (status === 401 || status === 403) return { kind: 'later', because: 'auth' };
  if (status === 408 || status === 429 || status >= 500) return { kind: 'later', because: 'server' };
  const reason = `${status} ${message}${issuesIn(error.error)}`.slice(0, 300);
  if (message === 'Event type not accepted') return { kind: 'otherWay', reason };
  return { kind: 'refused', reason };
}

/** Where in the event the server found fault. Values that it may repeat stay out of our store. */
function issuesIn(error: unknown): string {
  if (typeof error !== 'string') return '';
  try {
    const issues = JSON.parse(error) as readonly {
      readonly path?: readonly unknown[];
      readonly code?: unknown;
    }[];
    return `: ${issues.map(({ path, code }) => `${path?.join('.') ?? ''} ${String(code)}`).join('; ')}`;
  } catch {
    return '';
  }
}
