import type { Environment } from './tenant.js';

const keyword = <Name extends string>(name: Name): { readonly name: Name; readonly type: 'KEYWORD' } => ({
  name,
  type: 'KEYWORD',
});

/**
 * What operators filter runs by in the Temporal UI. Search attributes are never encrypted, so they hold no personal data (DESIGN rule 3).
 * The shape is the SDK's `SearchAttributeKey`; it stands here because workflows, API and the dev stack all name them.
 */
export const searchAttributes = {
  tenantId: keyword('TenantId'),
  environment: keyword('Environment'),
  kind: keyword('Kind'),
  outcome: keyword('Outcome'),
  channel: keyword('Channel'),
  promptBundle: keyword('PromptBundle'),
} as const;

/** What every run of ours is found by. */
export type RunAttributes = {
  key: (typeof searchAttributes)['tenantId' | 'environment' | 'kind'];
  value: string;
}[];

/** Whose run it is and of which kind. */
export const runAttributes = (
  { tenantId, environment }: { readonly tenantId: string; readonly environment: Environment },
  kind: string,
): RunAttributes => [
  { key: searchAttributes.tenantId, value: tenantId },
  { key: searchAttributes.environment, value: environment },
  { key: searchAttributes.kind, value: kind },
];
