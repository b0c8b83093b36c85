import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { countsOfSession, type DailyCount } from '../../../domain/statistics/daily-counts.js';
import { sessionFactsOf, type SessionFacts } from '../../../domain/statistics/session-facts.js';
import type { TraceFacts } from '../../../domain/statistics/trace-facts.js';
import type { Schema } from '../../database/schema.js';
import { chunks, upsert } from '../langfuse/upsert.js';
import { factsOf, factsText } from './facts-text.js';
import type { FactsRow } from './group-traces.js';

export interface Whose {
  readonly tenantId: string;
  readonly environment: string;
}

/** Leaves a line in the log of what became of sessions. */
export const logChange = async (
  trx: Transaction<Schema>,
  { tenantId, environment }: Whose,
  change: Pick<Schema['session_changes'], 'kind' | 'session_id' | 'other_id' | 'at_ms'>,
): Promise<void> => {
  await trx
    .insertInto('session_changes')
    .values({ tenant_id: tenantId, environment, change_id: randomUUID(), ...change })
    .execute();
};

/**
 * Writes the sessions whose turns or figures changed, and returns what they counted for before and what they count for now. `factsOfChanged`:
 * facts that need not be read out of their text again.
 */
export async function saveSessions(
  trx: Transaction<Schema>,
  whose: Whose,
  concerned: ReadonlySet<string>,
  rows: readonly FactsRow[],
  factsOfChanged: ReadonlyMap<string, TraceFacts>,
  nowMs: number,
): Promise<{ readonly uncounted: readonly DailyCount[]; readonly counted: readonly DailyCount[] }> {
  const { tenantId, environment } = whose;
  const known = new Map<string, Schema['sessions']>();
  for (const some of chunks([...concerned])) {
    const found = await trx
      .selectFrom('sessions')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('session_id', 'in', some)
      .execute();
    for (const row of found) known.set(row.session_id, row);
  }
  const members = new Map<string, FactsRow[]>();
  for (const row of rows) members.set(row.session_id, [...(members.get(row.session_id) ?? []), row]);
  const uncounted: DailyCount[] = [];
  const counted: DailyCount[] = [];
  const writes: Schema['sessions'][] = [];
  for (const sessionId of concerned) {
    const before = known.get(sessionId);
    const countedBefore = before ? countsOfSession(factsOf<SessionFacts>(before.facts_json)) : [];
    // By id before they are sorted by time: of two that began together the order is the same every time, and so is the text.
    const turns = (members.get(sessionId) ?? []).sort((a, b) => (a.trace_id < b.trace_id ? -1 : 1));
    if (turns.length === 0) {
      if (!before) continue;
      uncounted.push(...countedBefore);
      await trx
        .deleteFrom('sessions')
        .where((where) => where.and({ tenant_id: tenantId, environment, session_id: sessionId }))
        .execute();
      await logChange(trx, whose, { kind: 'ended', session_id: sessionId, other_id: null, at_ms: nowMs });
      continue;
    }
    const facts = sessionFactsOf(
      turns.map((row) => factsOfChanged.get(row.trace_id) ?? factsOf<TraceFacts>(row.facts_json)),
    );
    const row: Schema['sessions'] = {
      tenant_id: tenantId,
      environment,
      session_id: sessionId,
      group_key: turns[0]?.group_key ?? '',
      user_id: facts.userId,
      agent: facts.agent,
      outcome: facts.outcome.outcome,
      turns: facts.turns,
      turns_with_error: facts.turnsWithError,
      first_at_ms: facts.firstAtMs,
      last_at_ms: facts.lastAtMs,
      facts_json: factsText(facts),
      created_at_ms: before?.created_at_ms ?? nowMs,
      updated_at_ms: before?.updated_at_ms ?? nowMs,
    };
    if (before && sameColumns(before, row)) continue;
    writes.push({ ...row, updated_at_ms: nowMs });
    uncounted.push(...countedBefore);
    counted.push(...countsOfSession(facts));
  }
  await upsert(trx, 'sessions', writes);
  return { uncounted, counted };
}

const sameColumns = (left: Schema['sessions'], right: Schema['sessions']): boolean =>
  Object.entries(left).every(([column, value]) => right[column as keyof Schema['sessions']] === value);
