import type { Transaction } from 'kysely';
import { sessionGroupOf, type SessionRule } from '../../../domain/sessions/session-group.js';
import { countChanges, countsOfTrace, type DailyCount } from '../../../domain/statistics/daily-counts.js';
import { traceFactsOf, type TraceFacts } from '../../../domain/statistics/trace-facts.js';
import type { Schema } from '../../database/schema.js';
import type { TranscriptIndex } from '../../database/transcript-index.js';
import { upsert } from '../langfuse/upsert.js';
import { factsOf, factsText } from './facts-text.js';
import { groupKeyOf, groupTraces, type FactsRow } from './group-traces.js';
import { loadTraces } from './load-traces.js';
import { saveCounts } from './save-counts.js';
import { saveFindings } from './save-findings.js';
import { logChange, saveSessions, type Whose } from './save-sessions.js';
import { saveTranscripts } from './save-transcripts.js';

/**
 * Takes up to `limit` changed traces off the queue and brings sessions, counts, price findings and the search index up to date, in the
 * caller's transaction. Returns how many it took. What did not change is not written: the same rows again leave no trace.
 */
export async function digestChanges(
  trx: Transaction<Schema>,
  index: TranscriptIndex,
  whose: Whose,
  rule: SessionRule,
  limit: number,
  nowMs: number,
): Promise<number> {
  const { tenantId, environment } = whose;
  const owned = { tenant_id: tenantId, environment };
  const queue = await trx
    .selectFrom('changed_traces')
    .select('trace_id')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .orderBy('changed_at_ms')
    .orderBy('trace_id')
    .limit(limit)
    .execute();
  const traceIds = queue.map((row) => row.trace_id);
  if (traceIds.length === 0) return 0;
  const traces = await loadTraces(trx, tenantId, environment, traceIds);
  const before = await trx
    .selectFrom('trace_facts')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('trace_id', 'in', traceIds)
    .execute();
  const beforeOf = new Map(before.map((row) => [row.trace_id, row]));
  const changed = traces.map((trace) => {
    const facts = traceFactsOf(trace);
    const { startedAtMs, endedAtMs } = facts;
    const groupKey = groupKeyOf(tenantId, environment, sessionGroupOf(rule, trace));
    return { traceId: trace.traceId, startedAtMs, endedAtMs, groupKey, facts };
  });
  const factsOfChanged = new Map(changed.map(({ traceId, facts }) => [traceId, facts]));
  const alive = new Set(factsOfChanged.keys());
  const grouping = await groupTraces(trx, tenantId, environment, rule, changed, before);

  const uncounted: DailyCount[] = [];
  const counted: DailyCount[] = [];
  const rows: FactsRow[] = [];
  const writes: FactsRow[] = [];
  const judged = new Map<string, TraceFacts | null>();
  for (const { traceId, startedAtMs, endedAtMs, groupKey, facts } of changed) {
    const sessionId = grouping.sessionOf.get(traceId);
    if (sessionId === undefined) continue;
    const row: FactsRow = {
      ...owned,
      trace_id: traceId,
      session_id: sessionId,
      group_key: groupKey,
      started_at_ms: startedAtMs,
      ended_at_ms: endedAtMs,
      facts_json: factsText(facts),
    };
    rows.push(row);
    const known = beforeOf.get(traceId);
    if (
      known &&
      known.facts_json === row.facts_json &&
      known.session_id === sessionId &&
      known.group_key === groupKey
    )
      continue;
    writes.push(row);
    if (known?.facts_json === row.facts_json) continue;
    if (known) uncounted.push(...countsOfTrace(factsOf<TraceFacts>(known.facts_json)));
    counted.push(...countsOfTrace(facts));
    judged.set(traceId, facts);
  }
  for (const row of before) {
    if (alive.has(row.trace_id)) continue;
    uncounted.push(...countsOfTrace(factsOf<TraceFacts>(row.facts_json)));
    judged.set(row.trace_id, null);
    await trx
      .deleteFrom('trace_facts')
      .where((where) => where.and({ ...owned, trace_id: row.trace_id }))
      .execute();
  }
  const moved = new Map<string, string>();
  for (const row of grouping.others) {
    const sessionId = grouping.sessionOf.get(row.trace_id) ?? row.session_id;
    const now = { ...row, session_id: sessionId };
    rows.push(now);
    if (sessionId === row.session_id) continue;
    writes.push(now);
    moved.set(row.trace_id, sessionId);
  }
  await upsert(trx, 'trace_facts', writes);
  await saveTranscripts(trx, index, whose, {
    sessionOf: new Map([...grouping.sessionOf].filter(([traceId]) => alive.has(traceId))),
    moved,
    gone: traceIds.filter((traceId) => !alive.has(traceId)),
  });
  await saveFindings(trx, tenantId, environment, judged);
  const sessions = await saveSessions(trx, whose, grouping.concerned, rows, factsOfChanged, nowMs);
  const counts = countChanges([...uncounted, ...sessions.uncounted], [...counted, ...sessions.counted]);
  await saveCounts(trx, tenantId, environment, counts);
  for (const { kind, sessionId, otherId } of grouping.changes)
    await logChange(trx, whose, { kind, session_id: sessionId, other_id: otherId, at_ms: nowMs });
  await trx
    .deleteFrom('changed_traces')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('trace_id', 'in', traceIds)
    .execute();
  return traceIds.length;
}
