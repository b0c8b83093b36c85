/** Statements that run once, in order. `$int` is the dialect's 64-bit integer. A published migration is never edited. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}
