import { createHash, randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { assignSessions, type Placed, type SessionChange } from '../../../domain/sessions/assign-sessions.js';
import { gapOf, type SessionGroup, type SessionRule } from '../../../domain/sessions/session-group.js';
import type { Schema } from '../../database/schema.js';
import { chunks } from '../langfuse/upsert.js';

export type FactsRow = Schema['trace_facts'];

/** A trace as it is now, with the group that it belongs to; its session is not decided yet. */
export interface Grouped {
  readonly traceId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly groupKey: string;
}

/** Neither session ids nor callers are kept in a key: they may be personal. */
export function groupKeyOf(tenantId: string, environment: string, { by, value }: SessionGroup): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([tenantId, environment, by, value]))
    .digest('hex');
  return `${by}.${hash.slice(0, 32)}`;
}

const byOf = (groupKey: string): SessionGroup['by'] => groupKey.split('.')[0] as SessionGroup['by'];
const gapOfKey = (rule: SessionRule, groupKey: string): number => gapOf(rule, byOf(groupKey));

export interface Grouping {
  /** Session of each trace that was looked at. */
  readonly sessionOf: ReadonlyMap<string, string>;
  /** Sessions that may have other turns than before, or none. */
  readonly concerned: ReadonlySet<string>;
  /** Stored facts of the traces in them, without those that changed. */
  readonly others: readonly FactsRow[];
  readonly changes: readonly SessionChange[];
}

/**
 * Puts changed traces into sessions. Looks only at sessions that they were in or that lie within a gap of them, so that the work follows
 * the new rows and not the history.
 */
export async function groupTraces(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: string,
  rule: SessionRule,
  changed: readonly Grouped[],
  before: readonly FactsRow[],
): Promise<Grouping> {
  const concerned = new Set(before.map((row) => row.session_id));
  for (const sessionId of await reached(trx, tenantId, environment, rule, changed)) concerned.add(sessionId);
  const changedIds = new Set([
    ...changed.map(({ traceId }) => traceId),
    ...before.map((row) => row.trace_id),
  ]);
  const others: FactsRow[] = [];
  for (const some of chunks([...concerned])) {
    const rows = await trx
      .selectFrom('trace_facts')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('session_id', 'in', some)
      .execute();
    others.push(...rows.filter((row) => !changedIds.has(row.trace_id)));
  }
  // A trace that changed its group leaves its session to the others.
  const kept = new Map(before.map((row) => [`${row.trace_id}\n${row.group_key}`, row.session_id]));
  const groups = new Map<string, Placed[]>();
  const place = (groupKey: string, trace: Placed): void => {
    const traces = groups.get(groupKey);
    if (traces) traces.push(trace);
    else groups.set(groupKey, [trace]);
  };
  for (const { groupKey, ...trace } of changed)
    place(groupKey, { ...trace, sessionId: kept.get(`${trace.traceId}\n${groupKey}`) ?? null });
  for (const row of others)
    place(row.group_key, {
      traceId: row.trace_id,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      sessionId: row.session_id,
    });
  const sessionOf = new Map<string, string>();
  const changes: SessionChange[] = [];
  for (const [groupKey, traces] of groups) {
    const assigned = assignSessions(traces, gapOfKey(rule, groupKey), randomUUID);
    for (const { sessionId, traceIds } of assigned.sessions) {
      concerned.add(sessionId);
      for (const traceId of traceIds) sessionOf.set(traceId, sessionId);
    }
    changes.push(...assigned.changes);
  }
  return { sessionOf, concerned, others, changes };
}

/** Sessions of the traces' groups that lie within a gap of one of them; a group that is held together by its id has one. */
async function reached(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: string,
  rule: SessionRule,
  changed: readonly Grouped[],
): Promise<readonly string[]> {
  const found: string[] = [];
  const byGroup = new Map<string, Grouped[]>();
  for (const trace of changed) byGroup.set(trace.groupKey, [...(byGroup.get(trace.groupKey) ?? []), trace]);
  const earliest = changed.reduce((ms, trace) => Math.min(ms, trace.startedAtMs), Infinity);
  const latest = changed.reduce((ms, trace) => Math.max(ms, trace.endedAtMs), -Infinity);
  for (const timed of [true, false]) {
    const keys = [...byGroup.keys()].filter((key) => (byOf(key) === 'caller') === timed);
    for (const some of chunks(keys)) {
      let query = trx
        .selectFrom('sessions')
        .select(['session_id', 'group_key', 'first_at_ms', 'last_at_ms'])
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('group_key', 'in', some);
      if (timed)
        query = query
          .where('last_at_ms', '>=', earliest - rule.idleGapMs)
          .where('first_at_ms', '<=', latest + rule.idleGapMs);
      for (const row of await query.execute()) {
        const gapMs = gapOfKey(rule, row.group_key);
        const near = (byGroup.get(row.group_key) ?? []).some(
          ({ startedAtMs, endedAtMs }) =>
            startedAtMs - row.last_at_ms <= gapMs && row.first_at_ms - endedAtMs <= gapMs,
        );
        if (near) found.push(row.session_id);
      }
    }
  }
  return found;
}
