import type { ConversationRow } from '../../platform/store/conversations.js';
import type { Store } from '../../platform/store/store.js';
import type { TranscriptEntry } from '../../platform/store/transcript.js';
import { eventsOf } from './entry-events.js';
import type { FeedEvent } from './feed-event.js';
import { ledgerName, positionId, type FeedPosition } from './feed-position.js';

/** What a feed reads; `turnsTaken` asks the running conversation and costs no history. Null = it cannot say now. */
export interface FeedSources {
  readonly store: Pick<Store, 'transcript' | 'ledger' | 'conversations'>;
  readonly turnsTaken: () => Promise<number | null>;
}

/** Rows read at once, so that a reader who was away for long does not hold the store. */
const batch = 100;

/**
 * The events of a conversation behind a position, in an order that every process derives alike: transcript, ledger and standing are read
 * from the rows that the conversation's own activities write, so events cost no activity and survive any process. An answer of the model
 * is told only when its turn is over: before, the claim check may still refuse it (DESIGN, rule 7).
 */
export async function readFeed(
  { store, turnsTaken }: FeedSources,
  row: ConversationRow,
  from: FeedPosition,
): Promise<{ readonly events: readonly FeedEvent[]; readonly position: FeedPosition }> {
  const { tenantId, conversationId } = row;
  let position = from;
  const events: FeedEvent[] = [];
  const tell = (told: Omit<FeedEvent, 'id'>, next: FeedPosition): void => {
    position = next;
    events.push({ ...told, id: positionId(next) });
  };

  for (const entry of await decidedEntries()) {
    const told = eventsOf(entry);
    const begun = position.part;
    told.forEach((one, index) => {
      const isLast = index === told.length - 1;
      if (index >= begun)
        tell(one, isLast ? { ...position, seq: entry.seq, part: 0 } : { ...position, part: index + 1 });
    });
    position = { ...position, seq: entry.seq, part: 0 };
  }
  for (const line of await store.ledger.list(tenantId, conversationId)) {
    const name = ledgerName(line.entryId);
    if (position.ledger.includes(name)) continue;
    const { kind, appointmentGuid, entryId, detail, createdAtMs: atMs } = line;
    tell(
      { event: 'ledger', data: { kind, appointmentGuid, entryId, detail, atMs } },
      { ...position, ledger: [...position.ledger, name] },
    );
  }
  const standing = `${row.status}.${row.outcome}`;
  if (standing !== position.standing) {
    const { status, outcome, turns, closeReason } = row;
    tell({ event: 'status', data: { status, outcome, turns, closeReason } }, { ...position, standing });
  }
  return { events, position };

  async function decidedEntries(): Promise<readonly TranscriptEntry[]> {
    const load = (): Promise<TranscriptEntry[]> =>
      store.transcript.load(tenantId, conversationId, from.seq, batch);
    const entries = await load();
    if (row.status === 'closed' || !entries.some(isOpenAnswer)) return entries;
    const turns = (await turnsTaken()) ?? 0;
    // Read again: a draft that was refused is flagged before its turn ends.
    const now = await load();
    const open = now.findIndex((entry) => isOpenAnswer(entry) && turnOf(entry) > turns);
    return open < 0 ? now : now.slice(0, open);
  }
}

const isOpenAnswer = ({ role, say, delivered }: TranscriptEntry): boolean =>
  role === 'model' && say !== null && delivered;

const turnOf = ({ entryId }: TranscriptEntry): number => Number(/^t(\d+)\./.exec(entryId)?.[1] ?? 0);
