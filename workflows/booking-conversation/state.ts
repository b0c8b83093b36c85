import type { PracticeFacts } from '../../domain/agent/practice-facts.js';
import type { BookingForm } from '../../domain/booking/form/booking-form.js';
import type { Slot } from '../../domain/booking/slot.js';
import type { ToolAnswer } from '../../domain/agent/tools.js';
import type { Outcome } from '../../domain/outcome.js';
import type { PracticeTime } from '../../domain/time/practice-time.js';
import type { Person } from '../book-visits/types.js';
import type {
  ConversationSnapshot,
  ConversationStart,
  ConversationStatus,
  Language,
  LedgerLine,
  Reply,
} from './messages.js';

/** Somebody whom the caller spoke of. Only verified patients and people who are new become known, so a P-reference is also a permission. */
export interface KnownPatient {
  readonly ref: string;
  readonly firstName: string;
  readonly birthDate: string;
  readonly person: Person;
  /**
   * The caller proved to know this patient. Who is merely booked as new is not proven, even when the practice turns out to have the
   * record: else name and birth date of a stranger would open that stranger's appointments.
   */
  readonly verified: boolean;
}

export interface Offer {
  readonly ref: string;
  readonly slot: Slot;
  readonly visitTypeKey: string;
  readonly fetchedAtMs: number;
}

export interface HeldVisit {
  readonly patientRef: string;
  readonly slotRef: string;
}

export interface Hold {
  readonly ref: string;
  readonly holdId: string;
  readonly expiresAtMs: number;
  /** Turn whose delivered words named date and time of every visit; consent must come in a later one. Null = not read back yet. */
  readonly readBackTurn: number | null;
  readonly visits: readonly HeldVisit[];
}

export interface KnownAppointment {
  readonly ref: string;
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly patientRef: string;
  readonly start: PracticeTime;
  readonly minutes: number;
  readonly locationKey: string | null;
  readonly visitType: string;
  readonly status: 'scheduled' | 'cancelled';
}

/** Something done besides booking: attendance confirmed (`A1`), joined the waiting list (`W1`), insurance noted (`N1`). */
export interface Deed {
  readonly kind: 'confirmed' | 'waitlisted' | 'noted';
  readonly ref: string;
  readonly patientRef: string;
  /** What was asked for, by which the same order is known again. */
  readonly request: string;
}

/** Everything that a conversation remembers. Plain JSON: it is carried across continue-as-new (temporal.md 3). */
export interface ConversationState {
  readonly start: ConversationStart;
  readonly promptBundle: string;
  readonly practice: PracticeFacts;
  readonly status: ConversationStatus;
  readonly outcome: Outcome;
  readonly closeReason: string | null;
  readonly language: Language;
  /** Turns taken in the whole conversation, not in the run. */
  readonly turn: number;
  /** The latest replies, for clients that send a message again: dedupe by update id ends with the run. */
  readonly replies: readonly Reply[];
  readonly patients: readonly KnownPatient[];
  readonly offers: readonly Offer[];
  readonly hold: Hold | null;
  /** What a hold came to, by its reference: the same write asked again is answered from here, never sent again. */
  readonly settledHolds: Readonly<Record<string, ToolAnswer>>;
  readonly appointments: readonly KnownAppointment[];
  readonly ledger: readonly LedgerLine[];
  /** Absent in runs that were carried over from before there were any. */
  readonly deeds?: readonly Deed[];
  /** The question whether somebody is coming, and the turn in which a call left it open. */
  readonly attendanceAsked?: { readonly appointmentRef: string; readonly turn: number } | null;
  readonly tasks: readonly string[];
  /** The latest task that code, not the model, left, and its cause. */
  readonly taskFor: { readonly why: string; readonly ref: string } | null;
  /** How many references of each kind were minted, and how many orders sent. */
  readonly minted: Readonly<Record<'P' | 'S' | 'H' | 'A' | 'T' | 'order' | 'finding' | 'spoken', number>>;
  readonly failedIdentifications: number;
  /** A write that the practice system left unclear; from then on code says nothing of "nothing has changed". */
  readonly beingChecked: boolean;
  readonly cancelAsked: { readonly appointmentRef: string; readonly readBackTurn: number | null } | null;
  /** The first model refused or was away: the fallback answers for the rest, since each return is another switch (claude.md 1.10). */
  readonly onFallback?: boolean;
  readonly spend: {
    readonly modelCalls: number;
    readonly costPicoUsd: number;
    readonly weightedTokens: number;
  };
  /** What the model must learn with the next caller turn, for example that its last answer was not delivered. */
  readonly notices: readonly string[];
  /** Set while a colleague has the conversation. `answerByMs` null = they are here. */
  readonly handoff: {
    readonly taskRef: string;
    readonly answerByMs: number | null;
    /** The caller was told once that a colleague will answer. */
    readonly told: boolean;
  } | null;
  /** The booking that fixed questions take down while no model can; null = none is under way. */
  readonly form?: BookingForm | null;
  /** The caller has left the form for a person: it does not begin again before a model has answered. */
  readonly formDeclined?: boolean;
  /** Warnings given for abuse (claude.md 6). */
  readonly warnings: number;
  /** Times that the agent asked into the present silence. */
  readonly prompts: number;
  readonly startedAtMs: number;
  readonly lastCallerAtMs: number;
}

/** How many replies are carried for clients that repeat a message after a continue-as-new. */
const rememberedReplies = 50;

/** Slots that stay bookable by reference; older ones must be looked up again, so that state does not grow with the conversation. */
const rememberedOffers = 60;

/** Holds whose result is answered again; nobody asks for older ones. */
const rememberedHolds = 20;

/** Notices that wait for the next model step; while the model is away each turn adds one. */
const rememberedNotices = 5;

export const begin = (
  start: ConversationStart,
  opening: { readonly promptBundle: string; readonly practice: PracticeFacts },
  nowMs: number,
): ConversationState => ({
  start,
  promptBundle: opening.promptBundle,
  practice: opening.practice,
  status: 'open',
  outcome: 'unknown',
  closeReason: null,
  language: start.language,
  turn: 0,
  replies: [],
  patients: [],
  offers: [],
  hold: null,
  settledHolds: {},
  appointments: [],
  ledger: [],
  tasks: [],
  taskFor: null,
  minted: { P: 0, S: 0, H: 0, A: 0, T: 0, order: 0, finding: 0, spoken: 0 },
  failedIdentifications: 0,
  beingChecked: false,
  cancelAsked: null,
  spend: { modelCalls: 0, costPicoUsd: 0, weightedTokens: 0 },
  notices: [],
  handoff: null,
  warnings: 0,
  prompts: 0,
  startedAtMs: nowMs,
  lastCallerAtMs: nowMs,
});

/** Takes back an end that the agent announced, because the caller speaks on. */
export const reopen = (state: ConversationState): ConversationState =>
  state.closeReason === null ? state : { ...state, closeReason: null };

/** Remembers what the model must learn with its next step. */
export const notice = (state: ConversationState, text: string): ConversationState => ({
  ...state,
  notices: [...state.notices, text].slice(-rememberedNotices),
});

/** Notes what a hold came to. */
export const settleHold = (
  state: ConversationState,
  holdRef: string,
  answer: ToolAnswer,
): ConversationState => ({
  ...state,
  settledHolds: Object.fromEntries(
    [...Object.entries(state.settledHolds), [holdRef, answer] as const].slice(-rememberedHolds),
  ),
});

/** Adds a staff task. A conversation that a person must take over, and in which nothing was done, ends as transferred. */
export const enterTask = (state: ConversationState, ref: string): ConversationState => ({
  ...state,
  tasks: [...state.tasks, ref],
  outcome: state.ledger.length > 0 ? state.outcome : 'transferred',
});

/** Mints the next reference of a kind: `mint(state, 'P')` gives `P3` and the state that remembers it. */
export function mint(
  state: ConversationState,
  kind: keyof ConversationState['minted'],
): { readonly ref: string; readonly state: ConversationState } {
  const count = state.minted[kind] + 1;
  return { ref: `${kind}${count}`, state: { ...state, minted: { ...state.minted, [kind]: count } } };
}

/** Adds somebody, or finds the one who is known already: the same patient is never listed twice (failure-modes.md 5). */
export function knowPatient(
  state: ConversationState,
  patient: Omit<KnownPatient, 'ref'>,
): { readonly ref: string; readonly state: ConversationState } {
  const same = state.patients.find((known) => samePerson(known.person, patient.person));
  if (same) {
    const patients = state.patients.map((known) =>
      known === same ? { ...known, verified: known.verified || patient.verified } : known,
    );
    return { ref: same.ref, state: { ...state, patients } };
  }
  const minted = mint(state, 'P');
  return {
    ref: minted.ref,
    state: { ...minted.state, patients: [...minted.state.patients, { ...patient, ref: minted.ref }] },
  };
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();

function samePerson(a: Person, b: Person): boolean {
  if (a.kind === 'existing') return b.kind === 'existing' && a.patientGuid === b.patientGuid;
  return (
    b.kind === 'new' &&
    fold(a.firstName) === fold(b.firstName) &&
    fold(a.lastName) === fold(b.lastName) &&
    a.birthDate === b.birthDate
  );
}

/** Remembers slots under references; a place that was offered before keeps its reference and becomes fresh again. */
export function offer(
  state: ConversationState,
  slots: readonly Slot[],
  visitTypeKey: string,
  fetchedAtMs: number,
): { readonly refs: readonly string[]; readonly state: ConversationState } {
  let next = state;
  const refs = slots.map((slot) => {
    const known = next.offers.find(
      (old) =>
        old.visitTypeKey === visitTypeKey &&
        old.slot.columnGuid === slot.columnGuid &&
        old.slot.start === slot.start,
    );
    const minted = known ? { ref: known.ref, state: next } : mint(next, 'S');
    const others = minted.state.offers.filter((old) => old.ref !== minted.ref);
    next = { ...minted.state, offers: [...others, { ref: minted.ref, slot, visitTypeKey, fetchedAtMs }] };
    return minted.ref;
  });
  return { refs, state: { ...next, offers: next.offers.slice(-rememberedOffers) } };
}

/** Adds or refreshes an appointment under its reference. */
export function knowAppointment(
  state: ConversationState,
  appointment: Omit<KnownAppointment, 'ref'>,
): { readonly ref: string; readonly state: ConversationState } {
  const known = state.appointments.find((old) => old.appointmentGuid === appointment.appointmentGuid);
  if (known) {
    const appointments = state.appointments.map((old) =>
      old.ref === known.ref ? { ...appointment, ref: old.ref } : old,
    );
    return { ref: known.ref, state: { ...state, appointments } };
  }
  const minted = mint(state, 'A');
  return {
    ref: minted.ref,
    state: {
      ...minted.state,
      appointments: [...minted.state.appointments, { ...appointment, ref: minted.ref }],
    },
  };
}

/** Starts of all visits under a hold. */
export const startsOf = ({ offers }: ConversationState, hold: Hold): readonly PracticeTime[] =>
  hold.visits.flatMap(({ slotRef }) =>
    offers.filter((known) => known.ref === slotRef).map(({ slot }) => slot.start),
  );

export const enterLedger = (state: ConversationState, line: LedgerLine): ConversationState => ({
  ...state,
  ledger: [...state.ledger, line],
  outcome: outcomeAfter[line.kind],
});

const outcomeAfter = {
  booked: 'booked',
  moved: 'rescheduled',
  cancelled: 'cancelled',
} as const satisfies Record<LedgerLine['kind'], Outcome>;

export const remember = (state: ConversationState, replies: readonly Reply[]): ConversationState => ({
  ...state,
  replies: [...state.replies, ...replies].slice(-rememberedReplies),
});

/** L2 = at least one verified patient, L1 = only people who are said to be new, L0 = nobody yet (claude.md 6). */
export function identityLevel(state: ConversationState): ConversationSnapshot['identityLevel'] {
  if (state.patients.some((patient) => patient.verified)) return 'L2';
  return state.patients.length > 0 ? 'L1' : 'L0';
}

export const snapshot = (state: ConversationState, waitingMessages: number): ConversationSnapshot => ({
  conversationId: state.start.conversationId,
  status: state.status,
  outcome: state.outcome,
  turn: state.turn,
  identityLevel: identityLevel(state),
  promptBundle: state.promptBundle,
  waitingMessages,
  hold: state.hold ? { ref: state.hold.ref, expiresAtMs: state.hold.expiresAtMs } : null,
  ledger: state.ledger,
  modelCalls: state.spend.modelCalls,
  closeReason: state.closeReason,
});

/** The same before the opening activity has answered. */
export const snapshotOfStart = (start: ConversationStart, waitingMessages: number): ConversationSnapshot => ({
  conversationId: start.conversationId,
  status: 'open',
  outcome: 'unknown',
  turn: 0,
  identityLevel: 'L0',
  promptBundle: null,
  waitingMessages,
  hold: null,
  ledger: [],
  modelCalls: 0,
  closeReason: null,
});

/** The conversation in words for the Temporal UI: counts and references, nothing personal. */
export const describe = (state: ConversationState): string =>
  [
    `**${state.status}**, outcome ${state.outcome}, turn ${state.turn}, identity ${identityLevel(state)}`,
    `- patients ${state.patients.length}, offers ${state.offers.length}, hold ${state.hold?.ref ?? 'none'}`,
    ...state.ledger.map(
      (line) => `- ${line.kind} ${line.appointmentRef} at ${line.start} (${line.appointmentGuid})`,
    ),
    ...(state.form ? [`- form without a model, at ${state.form.question}`] : []),
    ...state.tasks.map((task) => `- staff task ${task}`),
    `- model calls ${state.spend.modelCalls}, prompt bundle ${state.promptBundle.slice(0, 12)}`,
  ].join('\n');
