import type { AlertTables } from './schema/alerts.js';
import type { ConversationTables } from './schema/conversations.js';
import type { IdentityTables } from './schema/identity.js';
import type { NodeRedTables } from './schema/node-red.js';
import type { OwnTraceTables } from './schema/own-traces.js';
import type { PromptTables } from './schema/prompts.js';
import type { ReferenceTables } from './schema/reference.js';
import type { SessionTables } from './schema/sessions.js';
import type { TraceImportTables } from './schema/trace-import.js';

/** All tables. Times end in `_at_ms` and are UTC milliseconds; `*_json` columns hold JSON text; flags are 0 or 1. */
export interface Schema
  extends
    ConversationTables,
    PromptTables,
    IdentityTables,
    ReferenceTables,
    NodeRedTables,
    TraceImportTables,
    OwnTraceTables,
    SessionTables,
    AlertTables {}
