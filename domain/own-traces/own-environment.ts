import type { Environment } from '../tenant.js';

/**
 * The Langfuse environment of the traces that we write about our own conversations, so that nobody takes them for those of a tenant's
 * agents (langfuse.md 13). Langfuse allows lower case letters, digits, `-` and `_`.
 */
export const ownEnvironmentOf = (environment: Environment): string => `chairside-${environment}`;

/** All of them: what an import reads back from there is in no session and in no figure. */
export const ownEnvironments: readonly string[] = (
  ['sandbox', 'production'] as const satisfies readonly Environment[]
).map(ownEnvironmentOf);
