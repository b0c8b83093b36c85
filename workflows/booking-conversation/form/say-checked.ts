import { spoken } from '../../../domain/agent/spoken-texts.js';
import type { Conversation } from '../conversation.js';
import { ledgerLines } from '../ledger-lines.js';
import { problemWith, speak, type Spoken } from '../speak.js';

/** A draft of the model that these words replace. */
export interface Instead {
  readonly draftEntryId: string | null;
}

/** The words of the form are true by construction; they are held against the ledger all the same, like every other. */
export async function sayChecked(
  conversation: Conversation,
  text: string,
  { draftEntryId }: Instead,
  doneBefore = conversation.state.ledger.length,
): Promise<Spoken> {
  const { state } = conversation;
  const turn = state.turn + 1;
  const claims = state.ledger
    .slice(doneBefore)
    .map(({ kind, appointmentRef }) => ({ kind, ref: appointmentRef }));
  const { language } = state;
  const problem = await problemWith(conversation, turn, { claims, needs_human: false, language, say: text });
  const safe =
    problem === null ? text : spoken(language, 'ledgerSummary', { lines: ledgerLines(conversation.state) });
  return speak(conversation, turn, safe, draftEntryId);
}
