/** A store refuses what would contradict its rows. */
abstract class StoreError extends Error {}

/** The row exists with other content, or belongs to somebody else by now. */
export class Conflict extends StoreError {
  override readonly name = 'Conflict';
}

/** There is no such row in this tenant. */
export class NotFound extends StoreError {
  override readonly name = 'NotFound';
}
