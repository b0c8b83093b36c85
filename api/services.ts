import type { PayloadCodec } from '@temporalio/common';
import type { Pseudonyms } from '../platform/secrets/pseudonyms.js';
import type { Services } from '../platform/services.js';
import type { Passwords } from './auth/passwords.js';
import type { Tokens } from './auth/tokens.js';
import type { AlertRuleFollowers } from './temporal/alert-rules.js';
import type { Conversations } from './temporal/conversations.js';
import type { NodeRedTargets } from './temporal/node-red.js';
import type { TraceImports } from './temporal/trace-imports.js';
import type { PracticeDesk } from './temporal/practice-desk.js';

/** What routes may use. */
export interface ApiServices extends Pick<
  Services,
  | 'config'
  | 'clock'
  | 'loggers'
  | 'store'
  | 'tenants'
  | 'sealer'
  | 'langfuseKeys'
  | 'alertReceivers'
  | 'promptBackend'
  | 'pingStore'
  | 'flowDocuments'
> {
  readonly conversations: Conversations;
  readonly practiceDesk: PracticeDesk;
  readonly traceImports: TraceImports;
  readonly alertRules: AlertRuleFollowers;
  readonly nodeRed: NodeRedTargets;
  readonly tokens: Tokens;
  readonly passwords: Passwords;
  readonly pseudonyms: Pseudonyms;
  readonly codec: PayloadCodec;
}
