import type { Store } from '../../platform/store/store.js';
import type { Environment } from '../../domain/tenant.js';
import type { Outcome } from '../../domain/outcome.js';
import type { PracticeTime } from '../../domain/time/practice-time.js';
import type { StaffTaskKind } from '../../platform/store/staff-tasks.js';
import type { TestAppointment } from '../../platform/store/test-records.js';
import type { NewWaitlistEntry } from '../../platform/store/waitlist.js';
import type { FindingKind } from '../../platform/store/findings.js';

interface InConversation {
  readonly tenantId: string;
  readonly conversationId: string;
}

/** Our own rows. Each call is idempotent by its key, because an activity may run more than once. */
export interface StoreActivities {
  /** Reserves places until `expiresAtMs`, all or none; the same hold again is no conflict. `taken` names the places of others. */
  placeHold(hold: {
    readonly tenantId: string;
    readonly environment: Environment;
    readonly conversationId: string;
    readonly holdId: string;
    readonly expiresAtMs: number;
    readonly slots: readonly { readonly columnGuid: string; readonly start: PracticeTime }[];
  }): Promise<
    | { readonly ok: true }
    | {
        readonly ok: false;
        readonly taken: readonly { readonly columnGuid: string; readonly start: PracticeTime }[];
      }
  >;
  releaseHold(hold: { readonly tenantId: string; readonly holdId: string }): Promise<void>;
  /** False when the hold has run out: its places may belong to others by now. */
  extendHold(hold: {
    readonly tenantId: string;
    readonly holdId: string;
    readonly expiresAtMs: number;
  }): Promise<boolean>;
  openStaffTask(
    task: InConversation & {
      readonly environment: Environment;
      readonly taskId: string;
      readonly kind: StaffTaskKind;
      readonly summary: string;
      readonly detail: unknown;
    },
  ): Promise<void>;
  /** Puts somebody on the waiting list. */
  joinWaitlist(entry: NewWaitlistEntry): Promise<void>;
  /** Writes words that code, not the model, said; `insteadOf` is the model's draft that was not delivered. */
  speak(
    words: InConversation & {
      readonly entryId: string;
      readonly text: string;
      readonly promptBundle: string;
      readonly insteadOf: string | null;
    },
  ): Promise<void>;
  /** Keeps words of the caller that somebody else than the model answers; those that the transcript has already are not kept twice. */
  keepCallerWords(
    words: InConversation & {
      readonly entryId: string;
      readonly promptBundle: string;
      readonly messages: readonly { readonly messageId: string; readonly text: string }[];
    },
  ): Promise<void>;
  /** Writes what a colleague said to the caller. */
  speakForStaff(
    words: InConversation & {
      readonly entryId: string;
      readonly promptBundle: string;
      readonly userId: string;
      readonly messageId: string;
      readonly text: string;
    },
  ): Promise<void>;
  recordFinding(
    finding: InConversation & {
      readonly findingId: string;
      readonly kind: FindingKind;
      readonly detail: unknown;
    },
  ): Promise<void>;
  updateConversation(
    change: InConversation & {
      readonly patch: {
        readonly status?: 'open' | 'handoff' | 'closed';
        readonly outcome?: Outcome;
        readonly promptBundle?: string;
        readonly closeReason?: string;
        readonly closedAtMs?: number;
        readonly turns?: number;
      };
    },
  ): Promise<void>;
  /** Appointments that tests have made and nobody has cancelled, oldest first. */
  openTestAppointments(practice: {
    readonly tenantId: string;
    readonly environment: Environment;
    readonly limit: number;
  }): Promise<readonly TestAppointment[]>;
  /** What came of an order of the desk; null before its end. */
  deskOrderResult(order: { readonly tenantId: string; readonly orderId: string }): Promise<unknown>;
  settleDeskOrder(order: {
    readonly tenantId: string;
    readonly orderId: string;
    readonly result: unknown;
  }): Promise<void>;
}

export const createStoreActivities = ({ store }: { readonly store: Store }): StoreActivities => ({
  placeHold: (hold) => store.holds.place(hold),
  releaseHold: ({ tenantId, holdId }) => store.holds.release(tenantId, holdId),
  extendHold: ({ tenantId, holdId, expiresAtMs }) => store.holds.extend(tenantId, holdId, expiresAtMs),
  openStaffTask: (task) => store.staffTasks.open(task),
  joinWaitlist: (entry) => store.waitlist.join(entry),
  speak: async ({ insteadOf, ...entry }) => {
    if (insteadOf !== null) {
      await store.transcript.markUndelivered(
        entry.tenantId,
        entry.conversationId,
        insteadOf,
        'replaced by words of ours',
      );
    }
    await store.transcript.appendSpoken(entry);
  },
  keepCallerWords: (words) => store.transcript.appendAside(words),
  speakForStaff: (words) => store.transcript.appendStaff(words),
  recordFinding: (finding) => store.findings.record(finding),
  updateConversation: ({ tenantId, conversationId, patch }) =>
    store.conversations.update(tenantId, conversationId, patch),
  openTestAppointments: ({ tenantId, environment, limit }) =>
    store.testRecords.open(tenantId, environment, limit),
  deskOrderResult: ({ tenantId, orderId }) => store.deskOrders.result(tenantId, orderId),
  settleDeskOrder: ({ tenantId, orderId, result }) => store.deskOrders.settle(tenantId, orderId, result),
});
