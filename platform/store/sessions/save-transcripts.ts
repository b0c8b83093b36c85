import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { spokenText } from '../../../domain/search/spoken-text.js';
import { wordsOf } from '../../../domain/search/words.js';
import type { Schema } from '../../database/schema.js';
import type { IndexedTurn, TranscriptIndex } from '../../database/transcript-index.js';
import { chunks } from '../langfuse/upsert.js';
import type { Whose } from './save-sessions.js';

/** Half an hour of speech. What comes behind it in one turn is a dump, and is not found. */
const mostWords = 5_000;

export interface ChangedTurns {
  /** Session of each turn that may say something else now. */
  readonly sessionOf: ReadonlyMap<string, string>;
  /** Session of turns that say the same, but elsewhere. */
  readonly moved: ReadonlyMap<string, string>;
  readonly gone: readonly string[];
}

/** Brings the search index up to date with turns. */
export async function saveTranscripts(
  trx: Transaction<Schema>,
  index: TranscriptIndex,
  { tenantId, environment }: Whose,
  changed: ChangedTurns,
): Promise<void> {
  const moved = new Map(changed.moved);
  for (const some of chunks([...changed.sessionOf.keys()])) {
    const known = await trx
      .selectFrom('transcript_turns')
      .select(['trace_id', 'session_id', 'words_hash'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', some)
      .execute();
    const bodies = await trx
      .selectFrom('imported_bodies')
      .select(['trace_id', 'input', 'output'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', some)
      .where('observation_id', '=', '')
      .execute();
    const knownOf = new Map(known.map((row) => [row.trace_id, row]));
    const bodyOf = new Map(bodies.map((row) => [row.trace_id, row]));
    const puts: IndexedTurn[] = [];
    const silent: string[] = [];
    for (const traceId of some) {
      const sessionId = changed.sessionOf.get(traceId) ?? '';
      const before = knownOf.get(traceId);
      const words = spokenWords(bodyOf.get(traceId));
      if (words.length === 0) {
        if (before) silent.push(traceId);
        continue;
      }
      const wordsHash = createHash('sha256').update(words.join(' ')).digest('base64url').slice(0, 16);
      if (before?.words_hash !== wordsHash)
        puts.push({ tenantId, environment, traceId, sessionId, wordsHash, words });
      else if (before.session_id !== sessionId) moved.set(traceId, sessionId);
    }
    await index.put(trx, puts);
    await index.remove(trx, tenantId, environment, silent);
  }
  for (const some of chunks(changed.gone)) await index.remove(trx, tenantId, environment, some);
  for (const [traceId, sessionId] of moved)
    await trx
      .updateTable('transcript_turns')
      .set({ session_id: sessionId })
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', '=', traceId)
      .execute();
}

function spokenWords(body: { readonly input: string | null; readonly output: string | null } | undefined) {
  const words: string[] = [];
  if (!body) return words;
  for (const part of [body.input, body.output])
    for (const { word } of wordsOf(spokenText(part))) {
      if (words.length === mostWords) return words;
      words.push(word);
    }
  return words;
}
