import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { createAlertFigures, type AlertFigures } from './alerts/alert-figures.js';
import { createAlertRules, type AlertRules } from './alerts/alert-rules.js';
import { createAlerts, type Alerts } from './alerts/alerts.js';
import { createAuditLog, type AuditLog } from './audit.js';
import { createConversations, type Conversations } from './conversations.js';
import { createCredentials, type Credentials } from './credentials.js';
import { createDeskOrders, type DeskOrders } from './desk-orders.js';
import { createImportLanes, type ImportLanes } from './langfuse/import-lanes.js';
import { createImportWindows, type ImportWindows } from './langfuse/import-windows.js';
import { createImportedTraces, type ImportedTraces } from './langfuse/imported-traces.js';
import { createLangfuseConfigs, type LangfuseConfigs } from './langfuse/configs.js';
import { createOwnConversations, type OwnConversations } from './langfuse/own-conversations.js';
import { createOwnTraceEvents, type OwnTraceEvents } from './langfuse/own-trace-events.js';
import { createRateWindows, type RateWindows } from './langfuse/rate-windows.js';
import { createFindings, type Findings } from './findings.js';
import { createFlowArtifacts, type FlowArtifacts } from './flow-artifacts.js';
import { createFlowBackups, type FlowBackups } from './flow-backups.js';
import { createFlowDeployments, type FlowDeployments } from './flow-deployments.js';
import { createFlowDrift, type FlowDrift } from './flow-drift.js';
import { createFlowTargets, type FlowTargets } from './flow-targets.js';
import { createFlowWrites, type FlowWrites } from './flow-writes.js';
import { createHolds, type Holds } from './holds.js';
import { createIntents, type Intents } from './intents.js';
import { createLedger, type Ledger } from './ledger.js';
import { createLoginAttempts, type LoginAttempts } from './login-attempts.js';
import { createModelSteps, type ModelSteps } from './model-steps.js';
import { createPromptActivations, type PromptActivations } from './prompt-activations.js';
import { createPromptBundles, type PromptBundles } from './prompt-bundles.js';
import { createPromptExperiments, type PromptExperiments } from './prompt-experiments.js';
import { createPromptStatistics, type PromptStatistics } from './prompt-statistics.js';
import { createReferenceData, type ReferenceData } from './reference-data.js';
import { createReservations, type Reservations } from './reservations.js';
import { createModelPrices, type ModelPrices } from './langfuse/model-prices.js';
import { createInsights, type Insights } from './sessions/insights.js';
import { createTraceReads, type TraceReads } from './sessions/read-trace.js';
import { createSessions, type Sessions } from './sessions/sessions.js';
import { createStaffTasks, type StaffTasks } from './staff-tasks.js';
import { createWaitlist, type Waitlist } from './waitlist.js';
import { createTestRecords, type TestRecords } from './test-records.js';
import { createTranscript, type Transcript } from './transcript.js';
import { createUsers, type Users } from './users.js';

/** All repositories over one database. */
export interface Store {
  readonly conversations: Conversations;
  readonly testRecords: TestRecords;
  readonly transcript: Transcript;
  readonly modelSteps: ModelSteps;
  readonly holds: Holds;
  readonly intents: Intents;
  readonly ledger: Ledger;
  readonly deskOrders: DeskOrders;
  readonly findings: Findings;
  readonly flowTargets: FlowTargets;
  readonly flowArtifacts: FlowArtifacts;
  readonly flowBackups: FlowBackups;
  readonly flowDeployments: FlowDeployments;
  readonly flowWrites: FlowWrites;
  readonly flowDrift: FlowDrift;
  readonly staffTasks: StaffTasks;
  readonly waitlist: Waitlist;
  readonly promptBundles: PromptBundles;
  readonly promptActivations: PromptActivations;
  readonly promptExperiments: PromptExperiments;
  readonly promptStatistics: PromptStatistics;
  readonly referenceData: ReferenceData;
  readonly reservations: Reservations;
  readonly langfuseConfigs: LangfuseConfigs;
  readonly importLanes: ImportLanes;
  readonly importWindows: ImportWindows;
  readonly importedTraces: ImportedTraces;
  readonly rateWindows: RateWindows;
  readonly ownConversations: OwnConversations;
  readonly ownTraceEvents: OwnTraceEvents;
  readonly modelPrices: ModelPrices;
  readonly sessions: Sessions;
  readonly insights: Insights;
  readonly traceReads: TraceReads;
  readonly alertRules: AlertRules;
  readonly alertFigures: AlertFigures;
  readonly alerts: Alerts;
  readonly users: Users;
  readonly loginAttempts: LoginAttempts;
  readonly audit: AuditLog;
  readonly credentials: Credentials;
}

export const createStore = (database: Database, clock: Clock): Store => ({
  conversations: createConversations(database, clock),
  testRecords: createTestRecords(database),
  transcript: createTranscript(database, clock),
  modelSteps: createModelSteps(database, clock),
  holds: createHolds(database, clock),
  intents: createIntents(database, clock),
  ledger: createLedger(database, clock),
  deskOrders: createDeskOrders(database, clock),
  findings: createFindings(database, clock),
  flowTargets: createFlowTargets(database, clock),
  flowArtifacts: createFlowArtifacts(database, clock),
  flowBackups: createFlowBackups(database),
  flowDeployments: createFlowDeployments(database, clock),
  flowWrites: createFlowWrites(database, clock),
  flowDrift: createFlowDrift(database, clock),
  staffTasks: createStaffTasks(database, clock),
  waitlist: createWaitlist(database, clock),
  promptBundles: createPromptBundles(database, clock),
  promptActivations: createPromptActivations(database, clock),
  promptExperiments: createPromptExperiments(database, clock),
  promptStatistics: createPromptStatistics(database),
  referenceData: createReferenceData(database),
  reservations: createReservations(database),
  langfuseConfigs: createLangfuseConfigs(database, clock),
  importLanes: createImportLanes(database, clock),
  importWindows: createImportWindows(database, clock),
  importedTraces: createImportedTraces(database, clock),
  rateWindows: createRateWindows(database),
  ownConversations: createOwnConversations(database),
  ownTraceEvents: createOwnTraceEvents(database, clock),
  modelPrices: createModelPrices(database, clock),
  sessions: createSessions(database, clock),
  insights: createInsights(database),
  traceReads: createTraceReads(database),
  alertRules: createAlertRules(database, clock),
  alertFigures: createAlertFigures(database),
  alerts: createAlerts(database, clock),
  users: createUsers(database, clock),
  loginAttempts: createLoginAttempts(database),
  audit: createAuditLog(database, clock),
  credentials: createCredentials(database, clock),
});
