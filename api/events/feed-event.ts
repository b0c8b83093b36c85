/** What a watcher of a conversation is told. */
export interface FeedEvent {
  /** Position behind this event, for `Last-Event-ID`. */
  readonly id: string;
  readonly event: 'message' | 'toolStep' | 'ledger' | 'status';
  readonly data: Readonly<Record<string, unknown>>;
}
