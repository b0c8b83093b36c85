import type { ServerMode } from '../../../domain/langfuse/server-mode.js';
import type {
  OwnTraceEvents,
  PendingEvent,
  SubmitWay,
} from '../../../platform/store/langfuse/own-trace-events.js';
import { listOf, type LangfuseClient } from '../client.js';
import { LangfuseError, type LangfuseFault } from '../errors.js';
import type { OwnEvent } from './own-event.js';
import { ingestionBatch, toIngestion } from './to-ingestion.js';
import { spanExport, toSpan } from './to-otlp.js';
import { verdictsOf, type Verdict } from './verdicts.js';

/** Langfuse refuses ingestion bodies over 4.5 MB, and its cloud all over 5 MB (langfuse.md 5, 7). */
export const mostBatchBytes = 4_000_000;

interface Sendable {
  readonly event: PendingEvent;
  readonly way: SubmitWay;
  readonly body: string;
}

/** Where a batch goes, and who keeps the record of it. */
export interface Sender {
  readonly owner: { readonly tenantId: string; readonly configId: string };
  readonly client: LangfuseClient;
  readonly events: OwnTraceEvents;
  readonly mode: ServerMode;
}

export interface Sent {
  readonly submitted: number;
  readonly refused: number;
}

/**
 * Sends pending events and records what became of each. What the server may have already goes the same way with the same bytes: by
 * /ingestion again, which is idempotent; over OTLP only what reading back does not find, for there a second sending is a second row
 * (langfuse.md 13). Throws LangfuseError when the server is away, throttles or has changed its mode; all that was settled is recorded
 * before.
 */
export async function sendOwnTraces(sender: Sender, pending: readonly PendingEvent[]): Promise<Sent> {
  const arrived = await arrivedSpans(sender, pending);
  await sender.events.settle(
    sender.owner,
    arrived.map(({ eventId }) => ({ eventId })),
  );
  const found = new Set(arrived.map(({ eventId }) => eventId));
  const sendable = pending
    .filter(({ eventId }) => !found.has(eventId))
    .map((event) => wireOf(event, sender.mode));
  let submitted = arrived.length;
  let refused = 0;
  for (const way of ['ingestion', 'otlp'] as const) {
    const queue = batchesOf(sendable.filter((one) => one.way === way));
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      const sent = await sendBatch(sender, way, batch, (halves) => queue.unshift(...halves));
      submitted += sent.submitted;
      refused += sent.refused;
    }
  }
  return { submitted, refused };
}

/** Spans whose sending had no clear outcome, and that the server has. */
async function arrivedSpans(
  { client }: Sender,
  pending: readonly PendingEvent[],
): Promise<readonly PendingEvent[]> {
  const unclear = pending.filter(({ sent }) => sent?.way === 'otlp');
  const arrived: PendingEvent[] = [];
  for (const traceId of new Set(unclear.map((event) => event.traceId))) {
    const rows = await readBack(client, traceId);
    arrived.push(...unclear.filter((event) => event.traceId === traceId && rows.has(event.observationId)));
  }
  return arrived;
}

async function readBack(client: LangfuseClient, traceId: string): Promise<ReadonlySet<unknown>> {
  try {
    // A turn has some dozens of observations at most.
    const answer = await client.observationsV2({ traceId, fields: 'core', limit: 1_000 });
    const { rows } = listOf('v2/observations', answer);
    return new Set(rows.map((row) => (row as { readonly id?: unknown }).id));
  } catch (error) {
    // A server without v2 has one row per id, however often it is sent.
    if (error instanceof LangfuseError && error.fault.kind === 'mode') return new Set();
    throw error;
  }
}

/** Scores are taken by /ingestion in every mode (langfuse.md 1). */
function wireOf(event: PendingEvent, mode: ServerMode): Sendable {
  if (event.sent) return { event, way: event.sent.way, body: event.sent.body };
  const own = JSON.parse(event.json) as OwnEvent;
  return mode === 'events_only' && own.kind !== 'score'
    ? { event, way: 'otlp', body: toSpan(own) }
    : { event, way: 'ingestion', body: toIngestion(own) };
}

function batchesOf(sendable: readonly Sendable[]): (readonly Sendable[])[] {
  const batches: Sendable[][] = [];
  let bytes = Infinity;
  for (const one of sendable) {
    const size = Buffer.byteLength(one.body) + 1;
    if (bytes + size > mostBatchBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(one);
    bytes += size;
  }
  return batches;
}

async function sendBatch(
  sender: Sender,
  way: SubmitWay,
  given: readonly Sendable[],
  again: (halves: readonly (readonly Sendable[])[]) => void,
): Promise<Sent> {
  const { events, owner } = sender;
  const marked = await events.markSent(
    owner,
    given.map(({ event, body }) => ({ eventId: event.eventId, way, body })),
  );
  const batch = given.filter(({ event }) => marked.has(event.eventId));
  if (batch.length === 0) return { submitted: 0, refused: 0 };
  const release = (some: readonly Sendable[]): Promise<void> =>
    events.release(
      owner,
      // What the server may have from an earlier sending stays as it is.
      some.filter(({ event }) => event.sent === null).map(({ event }) => event.eventId),
    );
  let verdicts: ReadonlyMap<string, Verdict>;
  try {
    verdicts = await verdictsFor(sender, way, batch);
  } catch (error) {
    if (!(error instanceof LangfuseError) || mayHaveArrived(error.fault)) throw error;
    const { kind } = error.fault;
    if (kind !== 'tooLarge' && kind !== 'badRequest') {
      await release(batch);
      throw error;
    }
    if (batch.length > 1) {
      // One of them is at fault; the others need not suffer for it.
      await release(batch);
      const half = Math.ceil(batch.length / 2);
      again([batch.slice(0, half), batch.slice(half)]);
      return { submitted: 0, refused: 0 };
    }
    const reason = kind === 'tooLarge' ? 'too large for the server' : 'the server cannot read it';
    verdicts = new Map(batch.map(({ event }) => [event.eventId, { kind: 'refused', reason }]));
  }
  return record(sender, way, batch, verdicts, release);
}

async function verdictsFor(
  { client }: Sender,
  way: SubmitWay,
  batch: readonly Sendable[],
): Promise<ReadonlyMap<string, Verdict>> {
  const bodies = batch.map(({ body }) => body);
  if (way === 'ingestion')
    return verdictsOf(
      (await client.ingest(ingestionBatch(bodies))).body,
      batch.map(({ event }) => event),
    );
  await client.exportSpans(spanExport(bodies));
  return new Map(batch.map(({ event }) => [event.eventId, { kind: 'taken' }]));
}

/** Whether a failed request may have been carried out all the same. */
const mayHaveArrived = ({ kind }: LangfuseFault): boolean =>
  kind === 'unavailable' || kind === 'malformed' || kind === 'protocol';

async function record(
  { events, owner }: Sender,
  way: SubmitWay,
  batch: readonly Sendable[],
  verdicts: ReadonlyMap<string, Verdict>,
  release: (some: readonly Sendable[]) => Promise<void>,
): Promise<Sent> {
  const taken: string[] = [];
  const refused: { readonly eventId: string; readonly refusedBecause: string }[] = [];
  const untouched: Sendable[] = [];
  let fault: LangfuseFault | null = null;
  for (const one of batch) {
    const { eventId, sent } = one.event;
    const verdict = verdicts.get(eventId) ?? { kind: 'unclear' };
    switch (verdict.kind) {
      case 'taken':
        taken.push(eventId);
        break;
      case 'refused':
        refused.push({ eventId, refusedBecause: verdict.reason });
        break;
      case 'otherWay':
        // It may be there from an earlier sending: over the other way it could be there twice.
        if (sent) refused.push({ eventId, refusedBecause: verdict.reason });
        else untouched.push(one);
        fault = { kind: 'mode' };
        break;
      case 'later':
        untouched.push(one);
        fault ??= verdict.because === 'auth' ? { kind: 'auth' } : { kind: 'unavailable', why: 'server' };
        break;
      case 'unclear':
        fault ??= { kind: 'malformed', why: 'an event without a verdict' };
        break;
      default:
        verdict satisfies never;
    }
  }
  await events.settle(owner, [...taken.map((eventId) => ({ eventId })), ...refused]);
  await release(untouched);
  if (fault) throw new LangfuseError(way, fault);
  return { submitted: taken.length, refused: refused.length };
}
