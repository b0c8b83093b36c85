import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { SearchTerm } from '../../../domain/search/search-terms.js';
import type { Schema } from '../../database/schema.js';
import type { TranscriptIndex } from '../../database/transcript-index.js';
import type { Whose } from './save-sessions.js';

/** What is common is found among so many; only what is rare is looked for everywhere, and there it is quick. */
const firstLook = 500;

/** The first `limit` rows of an ordered query for sessions in which each term is said. */
export async function findSaid(
  kysely: Kysely<Schema>,
  index: TranscriptIndex,
  { tenantId, environment }: Whose,
  query: SelectQueryBuilder<Schema, 'sessions', object>,
  terms: readonly SearchTerm[],
  limit: number,
): Promise<readonly Schema['sessions'][]> {
  if (terms.length === 0) return query.selectAll().limit(limit).execute();
  const newest = await query.select('session_id').limit(firstLook).execute();
  if (newest.length === 0) return [];
  const ids = newest.map((row) => row.session_id);
  const part = await index.partWith(kysely, tenantId, environment, ids);
  const found = (within: typeof query, where: typeof part | null) =>
    terms
      .reduce(
        (all, term) =>
          all.where('session_id', 'in', index.sessionsWith(tenantId, environment, term, where) as never),
        within,
      )
      .selectAll()
      .limit(limit)
      .execute();
  const near = await found(query.where('session_id', 'in', ids), part);
  return near.length === limit || newest.length < firstLook ? near : found(query, null);
}
