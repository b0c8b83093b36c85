import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators filter runs by. Never encrypted, so never personal data (DESIGN rule 3). All are keywords. */
export const searchAttributeNames = [
  'TenantId',
  'Environment',
  'Kind',
  'Outcome',
  'Channel',
  'PromptBundle',
] as const;

export const searchAttributeKeys = {
  tenantId: defineSearchAttributeKey('TenantId', 'KEYWORD'),
  environment: defineSearchAttributeKey('Environment', 'KEYWORD'),
  kind: defineSearchAttributeKey('Kind', 'KEYWORD'),
  outcome: defineSearchAttributeKey('Outcome', 'KEYWORD'),
  channel: defineSearchAttributeKey('Channel', 'KEYWORD'),
  promptBundle: defineSearchAttributeKey('PromptBundle', 'KEYWORD'),
} as const;
