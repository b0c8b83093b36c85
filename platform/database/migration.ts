/** Where the dialects have nothing in common, one text for each. */
interface DialectStatement {
  readonly sqlite: string;
  readonly postgres: string;
}

/** Statements that run once, in order. `$int` is the dialect's 64-bit integer. A published migration is never edited. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly (string | DialectStatement)[];
}
