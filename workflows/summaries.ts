import type { WorkflowInterceptors } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';

type SummaryOf = { readonly [Name in keyof Activities]: (input: Parameters<Activities[Name]>[0]) => string };

/**
 * What the Temporal UI says about each activity beside its name, so that a run can be read without opening payloads. References, keys and
 * kinds only, nothing personal. An activity without a line here does not compile.
 */
const summaryOf: SummaryOf = {
  openConversation: ({ channel, language }) => `${channel}, ${language}`,
  modelStep: ({ turn, step }) => `turn ${turn}, step ${step}`,
  checkPracticeSetup: () => 'settings against the practice system',
  findPatients: () => 'by name and birth date',
  verifySecondFactor: () => 'phone number or postal code',
  findSlots: ({ visitTypeKey, locationKey, from, to }) =>
    `${visitTypeKey} at ${locationKey}, ${from} to ${to}`,
  searchPatients: () => 'by name or birth date',
  readPatient: () => 'one patient',
  listAppointments: () => 'of one patient',
  listAppointmentsOfDay: ({ date }) => date,
  changePatient: () => 'name and birth date of one patient',
  commentPatient: ({ marker }) => `comment ${marker}`,
  confirmAppointment: () => 'of one patient',
  prepareCreatePatient: ({ intentId }) => stepOf(intentId),
  createPatient: ({ intentId, attempt }) => `${stepOf(intentId)}, try ${attempt}`,
  reconcilePatient: ({ intentId }) => stepOf(intentId),
  prepareAppointment: ({ intentId, slot, visitTypeKey }) =>
    `${stepOf(intentId)}, ${visitTypeKey} at ${slot.start}`,
  setAppointment: ({ intentId, attempt }) => `${stepOf(intentId)}, try ${attempt}`,
  reconcileAppointment: ({ intentId }) => stepOf(intentId),
  prepareCancel: ({ intentId }) => stepOf(intentId),
  cancelAppointment: ({ intentId, attempt }) => `${stepOf(intentId)}, try ${attempt}`,
  reconcileCancel: ({ intentId }) => stepOf(intentId),
  placeHold: ({ holdId, slots }) => `${stepOf(holdId)}, ${slots.length} place(s)`,
  extendHold: ({ holdId }) => stepOf(holdId),
  releaseHold: ({ holdId }) => stepOf(holdId),
  speak: ({ entryId }) => entryId,
  speakForStaff: () => 'words of a colleague',
  keepCallerWords: () => 'for a colleague',
  recordFinding: ({ kind }) => kind,
  joinWaitlist: ({ visitTypeKey, locationKey, from, to }) =>
    `${visitTypeKey} at ${locationKey}, ${from} to ${to}`,
  openStaffTask: ({ kind }) => kind,
  updateConversation: ({ patch: { status, outcome, promptBundle } }) =>
    [status, outcome, promptBundle].filter((part) => part !== undefined).join(', '),
  openTestAppointments: () => 'of one practice',
  deskOrderResult: () => 'ended before?',
  settleDeskOrder: () => 'ended',
  syncReference: ({ kind }) => kind,
  noteReferenceFailure: ({ kind, result }) => `${kind}: ${result}`,
  openDeployment: ({ requested }) => requested.source.kind,
  describeTarget: () => 'instances, approval, lock',
  pinSource: () => 'what is deployed',
  inspectInstance: ({ instance }) => instance,
  backUpInstance: ({ instance, attempt }) => `${instance}, ${attempt}`,
  planDeployment: ({ instance, attempt }) => `${instance}, ${attempt}`,
  sendFlows: ({ intentId, full }) => (full ? `${intentId}, all restarts` : intentId),
  proveLive: ({ instance, step }) => `${instance}, ${step}`,
  runSmokeSteps: ({ instance }) => instance,
  commitDeployment: ({ instance }) => instance,
  planRestore: ({ instance, attempt, unclear }) =>
    `${instance}, ${attempt}${unclear ? ', a write may still arrive' : ''}`,
  noteDeployment: ({ step, status }) => `${step}: ${status}`,
  endDeployment: ({ outcome }) => outcome,
  instancesOf: () => 'of the target',
  testInstance: ({ instance }) => instance,
  takeBackup: ({ instance }) => instance,
  checkDrift: ({ instance }) => instance,
  probeLangfuse: () => 'what the server can do',
  openImportWindow: ({ laneId }) => laneId ?? 'the present, else a sweep',
  walkImportWindow: ({ windowId }) => windowId,
  sealImportWindow: ({ windowId }) => windowId,
  importSubject: () => 'one trace or session',
  settleImport: ({ state }) => state,
  noteImportRun: ({ outcome }) => outcome,
  evaluateAlertRule: () => 'the figure now',
  deliverAlert: ({ notificationId }) => notificationId,
  giveUpAlert: ({ notificationId }) => notificationId,
  submitOwnTraces: () => 'complete turns',
  noteSubmissionRun: ({ outcome }) => outcome,
};

/** `1.0.appointment` of `<conversation>.1.0.appointment`: the conversation is in the workflow id. */
const stepOf = (id: string): string => id.slice(id.indexOf('.') + 1);

/** Gives every activity its summary. The bundle loads it with all workflows (worker/bundle/workflow-bundle.ts). */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const summarise = summaryOf[input.activityType as keyof Activities] as (input: unknown) => string;
        return next({ ...input, options: { ...input.options, summary: summarise(input.args[0]) } });
      },
    },
  ],
});
