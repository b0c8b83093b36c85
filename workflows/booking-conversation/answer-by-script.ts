import { scriptFor, type Script } from '../../domain/agent/scripted-answers.js';
import { spoken } from '../../domain/agent/spoken-texts.js';
import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import { keepWords } from './keep-words.js';
import type { CallerMessage, Language } from './messages.js';
import type { Spoken } from './speak.js';
import { enterTask, mint, notice } from './state.js';

/** Abusive messages that are warned about; the next one ends the conversation (claude.md 6). */
const mostWarnings = 2;

/** A draft of the model that these words replace. */
interface Instead {
  readonly draftEntryId: string | null;
}

/**
 * Answers words that no model may answer, before it sees them: emergencies and abuse get fixed words in the language that they were said
 * in. Null when the words ask for no script.
 */
export async function answerByScript(
  conversation: Conversation,
  messages: readonly CallerMessage[],
  instead: Instead,
): Promise<Spoken | null> {
  const script = scriptFor(messages.map(({ text }) => text));
  if (!script) return null;
  const key = script.kind === 'emergency' ? 'emergency' : abuseKey(conversation);
  if (script.kind === 'emergency') await alertStaff(conversation);
  if (key === 'abuseClosed') conversation.apply((state) => ({ ...state, closeReason: 'abuse' }));
  const text = spoken(languageOf(conversation, script), key, {});
  return sayPastModel(conversation, messages, text, instead);
}

/** Answers while a colleague has the conversation: the words are kept for them, and the caller is told once that somebody will answer. */
export async function keepForStaff(
  conversation: Conversation,
  messages: readonly CallerMessage[],
  instead: Instead,
): Promise<Spoken> {
  const { handoff, language } = conversation.state;
  const key = handoff?.answerByMs === null ? 'handedOffStaff' : 'handedOff';
  const text = handoff?.told === false ? spoken(language, key, {}) : '';
  conversation.apply((state) => ({ ...state, handoff: state.handoff && { ...state.handoff, told: true } }));
  return sayPastModel(conversation, messages, text, instead);
}

async function sayPastModel(
  conversation: Conversation,
  messages: readonly CallerMessage[],
  text: string,
  { draftEntryId }: Instead,
): Promise<Spoken> {
  const { start, promptBundle, language } = conversation.state;
  const { tenantId, conversationId } = start;
  const turn = conversation.state.turn + 1;
  const kept = `t${turn}.kept`;
  await keepWords(conversation, messages);
  if (text === '') return { entryId: kept, text, language };
  const entryId = `t${turn}.spoken`;
  await store.speak({ tenantId, conversationId, entryId, text, promptBundle, insteadOf: draftEntryId });
  conversation.apply((state) => notice(state, `The caller was told by us: ${JSON.stringify(text)}`));
  return { entryId, text, language };
}

function abuseKey(conversation: Conversation): 'abuseWarning' | 'abuseClosed' {
  if (conversation.state.warnings >= mostWarnings) return 'abuseClosed';
  conversation.apply((state) => ({ ...state, warnings: state.warnings + 1 }));
  return 'abuseWarning';
}

/** Words may show another language than the conversation's; an emergency must be understood at once. */
const languageOf = ({ state }: Conversation, script: Script): Language =>
  script.kind === 'emergency' && state.practice.languages.includes(script.language)
    ? script.language
    : state.language;

/** One task however often the caller says it. */
async function alertStaff(conversation: Conversation): Promise<void> {
  const { start, ledger, taskFor } = conversation.state;
  if (taskFor?.why === 'emergency') return;
  const minted = mint(conversation.state, 'T');
  conversation.apply(() => ({
    ...enterTask(minted.state, minted.ref),
    taskFor: { why: 'emergency', ref: minted.ref },
  }));
  await store.openStaffTask({
    tenantId: start.tenantId,
    environment: start.environment,
    taskId: `${start.conversationId}.${minted.ref}`,
    conversationId: start.conversationId,
    kind: 'emergency',
    summary:
      'The caller described what may be an emergency and was told to call 911 if in danger. Call back now.',
    detail: { ledger },
  });
}
