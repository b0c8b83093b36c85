import { sql, type Kysely } from 'kysely';
import type { SearchTerm } from '../../../domain/search/search-terms.js';
import { snippetOf, type Snippet } from '../../../domain/search/snippet.js';
import { spokenText } from '../../../domain/search/spoken-text.js';
import type { Schema } from '../../database/schema.js';
import type { TranscriptIndex } from '../../database/transcript-index.js';
import type { Whose } from './save-sessions.js';

/** Where in a turn something was said. */
export interface TurnHit extends Snippet {
  readonly traceId: string;
  readonly part: 'input' | 'output';
}

/** Turns of one session that are shown. */
const mostHits = 3;

/** The pieces of sessions in which one of the terms is said, by the start of their turns. */
export async function findHits(
  kysely: Kysely<Schema>,
  index: TranscriptIndex,
  { tenantId, environment }: Whose,
  sessionIds: readonly string[],
  terms: readonly SearchTerm[],
): Promise<ReadonlyMap<string, readonly TurnHit[]>> {
  if (sessionIds.length === 0 || terms.length === 0) return new Map();
  const part = await index.partWith(kysely, tenantId, environment, sessionIds);
  const places = kysely
    .selectFrom('transcript_turns as turn')
    .innerJoin('trace_facts as facts', (join) =>
      join
        .onRef('facts.tenant_id', '=', 'turn.tenant_id')
        .onRef('facts.environment', '=', 'turn.environment')
        .onRef('facts.trace_id', '=', 'turn.trace_id'),
    )
    .select(['turn.session_id', 'turn.trace_id'])
    .select(
      sql<number>`row_number() over (partition by turn.session_id order by facts.started_at_ms, turn.trace_id)`.as(
        'place',
      ),
    )
    .where('turn.tenant_id', '=', tenantId)
    .where('turn.environment', '=', environment)
    .where('turn.session_id', 'in', sessionIds)
    .where(index.saidInTurn(terms, part));
  const rows = await kysely
    .selectFrom(places.as('hit'))
    .innerJoin('imported_bodies as body', (join) =>
      join
        .onRef('body.trace_id', '=', 'hit.trace_id')
        .on('body.tenant_id', '=', tenantId)
        .on('body.environment', '=', environment)
        .on('body.observation_id', '=', ''),
    )
    .select(['hit.session_id', 'hit.trace_id', 'body.input', 'body.output'])
    .where('hit.place', '<=', mostHits)
    .orderBy('hit.session_id')
    .orderBy('hit.place')
    .execute();
  const hits = new Map<string, TurnHit[]>();
  for (const { session_id, trace_id, input, output } of rows) {
    const of = hits.get(session_id) ?? [];
    hits.set(session_id, of);
    for (const [part, body] of [
      ['input', input],
      ['output', output],
    ] as const) {
      const snippet = snippetOf(spokenText(body), terms);
      if (snippet) of.push({ traceId: trace_id, part, ...snippet });
    }
  }
  return hits;
}
