import type { Route } from '../route.js';
import { acknowledgeAlert, listAlerts, resolveAlert } from './alerts/alerts.js';
import { getAlertReceiver, removeAlertReceiver, setAlertReceiver } from './alerts/receiver.js';
import {
  changeAlertRule,
  createAlertRule,
  getAlertRule,
  listAlertRules,
  removeAlertRule,
  testAlertRule,
} from './alerts/rules.js';
import { listAudit, listInstallationAudit } from './audit.js';
import {
  cancelAppointment,
  confirmAppointment,
  createAppointments,
  listAppointments,
  listAvailable,
  rescheduleAppointment,
} from './appointments.js';
import { changePassword, login, me } from './auth.js';
import { beginConversation } from './conversations/begin.js';
import { endConversation } from './conversations/end.js';
import { getReply } from './conversations/get-reply.js';
import { getConversation } from './conversations/get.js';
import { listConversations } from './conversations/list.js';
import { repinConversation } from './conversations/repin.js';
import { sendMessage } from './conversations/send-message.js';
import { getTranscript } from './conversations/transcript.js';
import { credentialRoutes } from './credentials.js';
import { commentPatient, createPatient, getPatient, searchPatients, updatePatient } from './patients.js';
import { getDeskOrder } from './desk-orders.js';
import {
  checkReference,
  listAppointmentTypes,
  listLocations,
  listProviders,
  refreshReference,
} from './reference.js';
import { bargeIn } from './conversations/barge-in.js';
import { handOffConversation, returnConversation, sendStaffMessage } from './conversations/hand-off.js';
import { conversationEvents } from './conversations/events.js';
import { home, live, ready } from './health.js';
import {
  changeLangfuseConfig,
  createLangfuseConfig,
  getLangfuseConfig,
  listLangfuseConfigs,
  removeLangfuseConfig,
} from './langfuse/configs.js';
import {
  cancelImport,
  getImport,
  listImports,
  listQuarantine,
  orderImport,
  resumeOrderedImport,
} from './langfuse/imports.js';
import {
  getImportSchedule,
  listImportWindows,
  pauseImport,
  resumeImport,
  testLangfuseConfig,
  triggerImport,
} from './langfuse/operate.js';
import { listSubmissions } from './langfuse/submissions.js';
import {
  activatePrompt,
  listActivations,
  listExperiments,
  rollBackPrompt,
  startExperiment,
  stopExperiment,
} from './prompt-activations.js';
import { promptStatistics } from './prompt-statistics.js';
import { diffPrompts, getPrompt, listPrompts, registerPrompt } from './prompts.js';
import { getArtifact, listArtifacts, uploadArtifact } from './node-red/artifacts.js';
import { listBackups, takeBackup } from './node-red/backups.js';
import { checkDrift, listDrift } from './node-red/drift.js';
import { deploymentEvents } from './node-red/deployment-events.js';
import {
  approveDeployment,
  cancelDeployment,
  createDeployment,
  getDeployment,
  listDeployments,
  rejectDeployment,
} from './node-red/deployments.js';
import {
  acknowledgeTarget,
  changeTarget,
  createTarget,
  getTarget,
  getTargetQueue,
  listTargets,
  removeTarget,
  setFlowSecrets,
  setTargetAccess,
  testTarget,
} from './node-red/targets.js';
import { closeWaitlistEntry, listWaitlist, takeWaitlistEntry } from './waitlist.js';
import { costInsight, errorInsight, outcomeInsight, toolInsight } from './insights/counts.js';
import { latencyInsight } from './insights/latency.js';
import { priceInsight } from './insights/prices.js';
import { lookUp } from './sessions/look-up.js';
import { getSession, getTrace, listSessions } from './sessions/sessions.js';
import { closeStaffTask, listStaffTasks, takeStaffTask } from './staff-tasks.js';
import { currentTenant, listTenants } from './tenants.js';
import { cancelTestRecords, getTestRecordsProgress, listTestRecords } from './test-records.js';
import { createUser, deactivateUser, getUser, listUsers, updateUser } from './users.js';

/** Every route of the product. */
export const routes: readonly Route[] = [
  home,
  live,
  ready,
  login,
  me,
  changePassword,
  listUsers,
  createUser,
  getUser,
  updateUser,
  deactivateUser,
  listTenants,
  currentTenant,
  ...credentialRoutes,
  listAudit,
  listInstallationAudit,
  beginConversation,
  listConversations,
  getConversation,
  sendMessage,
  getReply,
  getTranscript,
  endConversation,
  repinConversation,
  conversationEvents,
  handOffConversation,
  sendStaffMessage,
  returnConversation,
  bargeIn,
  listStaffTasks,
  takeStaffTask,
  closeStaffTask,
  listWaitlist,
  takeWaitlistEntry,
  closeWaitlistEntry,
  listPrompts,
  registerPrompt,
  // Before the route that takes any hash.
  diffPrompts,
  promptStatistics,
  listActivations,
  listExperiments,
  startExperiment,
  stopExperiment,
  rollBackPrompt,
  activatePrompt,
  getPrompt,
  listLocations,
  listProviders,
  listAppointmentTypes,
  refreshReference,
  checkReference,
  searchPatients,
  createPatient,
  getPatient,
  updatePatient,
  commentPatient,
  listAppointments,
  listAvailable,
  createAppointments,
  getDeskOrder,
  confirmAppointment,
  cancelAppointment,
  rescheduleAppointment,
  listTestRecords,
  cancelTestRecords,
  getTestRecordsProgress,
  listTargets,
  createTarget,
  getTarget,
  changeTarget,
  removeTarget,
  setTargetAccess,
  setFlowSecrets,
  testTarget,
  acknowledgeTarget,
  getTargetQueue,
  listBackups,
  takeBackup,
  listDrift,
  checkDrift,
  listArtifacts,
  getArtifact,
  uploadArtifact,
  createDeployment,
  listDeployments,
  getDeployment,
  deploymentEvents,
  approveDeployment,
  rejectDeployment,
  cancelDeployment,
  listLangfuseConfigs,
  createLangfuseConfig,
  getLangfuseConfig,
  changeLangfuseConfig,
  removeLangfuseConfig,
  testLangfuseConfig,
  getImportSchedule,
  pauseImport,
  resumeImport,
  triggerImport,
  listImportWindows,
  listSubmissions,
  listImports,
  orderImport,
  getImport,
  cancelImport,
  resumeOrderedImport,
  listQuarantine,
  listSessions,
  getSession,
  getTrace,
  lookUp,
  costInsight,
  latencyInsight,
  errorInsight,
  toolInsight,
  outcomeInsight,
  priceInsight,
  listAlertRules,
  createAlertRule,
  getAlertRule,
  changeAlertRule,
  removeAlertRule,
  testAlertRule,
  listAlerts,
  acknowledgeAlert,
  resolveAlert,
  getAlertReceiver,
  setAlertReceiver,
  removeAlertReceiver,
];
