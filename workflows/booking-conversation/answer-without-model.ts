import { spoken } from '../../domain/agent/spoken-texts.js';
import type { Conversation } from './conversation.js';
import { openForm } from './form/open-form.js';
import { keepWords } from './keep-words.js';
import { leaveTask } from './leave-task.js';
import { ledgerLines } from './ledger-lines.js';
import type { CallerMessage } from './messages.js';
import { speak, type Spoken } from './speak.js';

/** A turn that the model cannot finish. */
export interface BrokenTurn {
  /** The model failed or refused, a budget is spent, or it went round in circles. */
  readonly why: 'modelAway' | 'budgetReached' | 'turnFailed';
  /** Messages that may not be in the transcript yet. */
  readonly messages: readonly CallerMessage[];
  readonly draftEntryId: string | null;
  /** Entries of the ledger before this turn. */
  readonly doneBefore: number;
}

/**
 * Goes on without a model: a form of fixed questions that can still hold and book, where nothing was done in this turn and no write is
 * unclear. Otherwise, and when the caller has asked for a person before, the caller gets a true sentence and the staff a task.
 */
export async function answerWithoutModel(conversation: Conversation, broken: BrokenTurn): Promise<Spoken> {
  const { why, messages, draftEntryId, doneBefore } = broken;
  await keepWords(conversation, messages);
  const { ledger, beingChecked, formDeclined } = conversation.state;
  const mayBook = why !== 'turnFailed' && !beingChecked && ledger.length === doneBefore;
  if (mayBook && formDeclined !== true) return openForm(conversation, { draftEntryId });
  return handOver(conversation, broken);
}

/** Says what was done in this turn before it broke off, and that a colleague goes on. */
async function handOver(
  conversation: Conversation,
  { why, draftEntryId, doneBefore }: BrokenTurn,
): Promise<Spoken> {
  const turn = conversation.state.turn + 1;
  // Whoever asked for a person has left a task already.
  if (conversation.state.formDeclined !== true) await leaveTask(conversation, turn, why);
  const { state } = conversation;
  const lines = ledgerLines(state).slice(doneBefore);
  const done = lines.length > 0 ? [spoken(state.language, 'done', { lines })] : [];
  const unclear = state.beingChecked ? [spoken(state.language, 'beingChecked', {})] : [];
  const text = [...done, ...unclear, spoken(state.language, why, {})].join(' ');
  return speak(conversation, turn, text, draftEntryId);
}
