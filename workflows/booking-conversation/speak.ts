import type { AgentAnswer } from '../../domain/agent/answer.js';
import { checkAnswer } from '../../domain/agent/claim-check.js';
import { store } from '../options.js';
import { claimFacts } from './claim-facts.js';
import type { Conversation } from './conversation.js';
import type { Language } from './messages.js';
import { markReadBack } from './read-back.js';
import { mint, notice } from './state.js';

/** What the caller hears, and where it stands in the transcript. */
export interface Spoken {
  readonly entryId: string;
  readonly text: string;
  readonly language: Language;
}

/** What makes an answer unspeakable, in words for the model; recorded as a violation. Null when it may be spoken. */
export async function problemWith(
  conversation: Conversation,
  turn: number,
  answer: AgentAnswer | null,
): Promise<string | null> {
  if (answer === null) return null;
  const checked = checkAnswer(answer, claimFacts(conversation));
  if (checked.ok) return null;
  const minted = mint(conversation.state, 'finding');
  conversation.apply(() => minted.state);
  const kinds = checked.violations.map((violation) => violation.kind);
  const { tenantId, conversationId } = conversation.state.start;
  await store.recordFinding({
    tenantId,
    conversationId,
    findingId: `${conversationId}.${minted.ref}`,
    kind: 'claimViolation',
    detail: { turn, kinds },
  });
  return checked.violations.map((violation) => `${violation.kind} ("${violation.excerpt}")`).join(', ');
}

/** Speaks words of ours instead of the model's, marks what they read back, and lets the model know them. */
export async function speak(
  conversation: Conversation,
  turn: number,
  text: string,
  draftEntryId: string | null,
): Promise<Spoken> {
  const { tenantId, conversationId } = conversation.state.start;
  const entryId = `t${turn}.spoken`;
  const { promptBundle, language } = conversation.state;
  await store.speak({ tenantId, conversationId, entryId, text, promptBundle, insteadOf: draftEntryId });
  markReadBack(conversation, turn, text);
  conversation.apply((state) => notice(state, `The caller heard instead: ${JSON.stringify(text)}`));
  return { entryId, text, language };
}
