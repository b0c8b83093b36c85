import { createHash } from 'node:crypto';

/** How far a reader has come in the three sources of a conversation's events. Travels as the event's id, so no process must remember it. */
export interface FeedPosition {
  /** Last transcript entry that was told in full. */
  readonly seq: number;
  /** Events of the next entry that were told already. */
  readonly part: number;
  /** Short names of the ledger entries told: clocks of several workers may differ, so "newer than" would lose some. */
  readonly ledger: readonly string[];
  /** `status.outcome` as last told. */
  readonly standing: string;
}

const feedStart: FeedPosition = { seq: 0, part: 0, ledger: [], standing: '' };

export const positionId = ({ seq, part, ledger, standing }: FeedPosition): string =>
  [seq, part, ledger.join('-'), standing].join('~');

/** The position that an id names; the start for anything else. */
export function readPosition(id: string | undefined): FeedPosition {
  const match = /^(\d{1,9})~(\d{1,4})~([0-9a-f-]{0,2000})~([a-z.]{0,60})$/i.exec(id ?? '');
  if (!match) return feedStart;
  const [, seq, part, ledger = '', standing = ''] = match;
  return {
    seq: Number(seq),
    part: Number(part),
    ledger: ledger === '' ? [] : ledger.split('-'),
    standing,
  };
}

export const ledgerName = (entryId: string): string =>
  createHash('sha256').update(entryId).digest('hex').slice(0, 8);
