import { somebodyIsThere } from '../../domain/time/opening-hours.js';
import { spoken } from '../../domain/agent/spoken-texts.js';
import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import { identityLevel, enterTask, mint, notice } from './state.js';

/** Why a person is needed, in the words of whoever asks for one. */
export interface HandOffReason {
  readonly reason: string;
  readonly summary: string;
}

/**
 * Leaves a task with summary and ledger. While an office is open the model falls silent until a colleague answers or the time for it has
 * run out; after hours nobody would come, so the task is a callback and the agent goes on (claude.md 4). The reference is the task's.
 */
export async function askForPerson(
  conversation: Conversation,
  why: HandOffReason,
): Promise<{ readonly taskRef: string; readonly when: 'now' | 'callback' }> {
  const isOpen = somebodyIsThere(conversation.state.practice.locations, conversation.nowMs());
  const taskRef = await leaveTask(conversation, isOpen ? 'transfer' : 'callback', why);
  if (isOpen) await mute(conversation, taskRef, conversation.nowMs() + conversation.timings.handoffAnswerMs);
  return { taskRef, when: isOpen ? 'now' : 'callback' };
}

/** A colleague takes over by themselves; they are here, so no time runs. */
export async function takeOver(conversation: Conversation, reason: string): Promise<void> {
  const { handoff } = conversation.state;
  if (handoff) {
    conversation.apply((state) => ({ ...state, handoff: { ...handoff, answerByMs: null } }));
    return;
  }
  const summary = 'A colleague took this conversation over.';
  await mute(conversation, await leaveTask(conversation, 'transfer', { reason, summary }), null);
}

/** What a colleague says to the caller; from then on they are here. */
export async function sayForStaff(
  conversation: Conversation,
  said: { readonly userId: string; readonly messageId: string; readonly text: string },
): Promise<void> {
  const { start, promptBundle } = conversation.state;
  const { tenantId, conversationId } = start;
  const entryId = `staff.${said.messageId}`;
  await store.speakForStaff({ tenantId, conversationId, entryId, promptBundle, ...said });
  conversation.apply((state) => ({
    ...state,
    lastCallerAtMs: conversation.nowMs(),
    handoff: state.handoff && { ...state.handoff, answerByMs: null, told: true },
  }));
}

/** Gives the conversation back to the agent. What was said meanwhile stands in the transcript; the model reads it with its next step. */
export async function giveBack(conversation: Conversation, note: string): Promise<void> {
  const { ref, state } = mint(conversation.state, 'spoken');
  conversation.apply(() => state);
  await unmute(conversation, `back.${ref}.spoken`, 'backFromStaff');
  const more = note === '' ? '' : ` Their note: ${JSON.stringify(note)}`;
  conversation.apply((now) =>
    notice(
      { ...now, formDeclined: false },
      `A colleague had the conversation and gave it back to you.${more}`,
    ),
  );
}

/** Nobody answered in time: a callback is promised, truthfully, since its task exists, and the agent goes on. */
export async function promiseCallback(conversation: Conversation): Promise<void> {
  const taskRef = await leaveTask(conversation, 'callback', {
    reason: 'no colleague answered the hand-off in time',
    summary: 'Nobody answered this caller in time. Read the conversation and call back.',
  });
  await unmute(conversation, `late.${taskRef}.spoken`, 'callbackPromised');
}

async function leaveTask(
  conversation: Conversation,
  kind: 'transfer' | 'callback',
  { reason, summary }: HandOffReason,
): Promise<string> {
  const minted = mint(conversation.state, 'T');
  conversation.apply(() => enterTask(minted.state, minted.ref));
  const { start, ledger, language } = conversation.state;
  await store.openStaffTask({
    tenantId: start.tenantId,
    environment: start.environment,
    taskId: `${start.conversationId}.${minted.ref}`,
    conversationId: start.conversationId,
    kind,
    summary,
    detail: {
      reason,
      ledger,
      channel: start.channel,
      language,
      identityLevel: identityLevel(conversation.state),
    },
  });
  return minted.ref;
}

async function mute(conversation: Conversation, taskRef: string, answerByMs: number | null): Promise<void> {
  conversation.apply((state) => ({
    ...state,
    status: 'handoff',
    form: null,
    handoff: { taskRef, answerByMs, told: false },
  }));
  await publish(conversation, 'handoff');
}

async function unmute(
  conversation: Conversation,
  entryId: string,
  key: 'backFromStaff' | 'callbackPromised',
): Promise<void> {
  const { start, promptBundle, language } = conversation.state;
  const { tenantId, conversationId } = start;
  const text = spoken(language, key, {});
  await store.speak({ tenantId, conversationId, entryId, text, promptBundle, insteadOf: null });
  conversation.apply((state) =>
    notice(
      { ...state, status: 'open', handoff: null, lastCallerAtMs: conversation.nowMs() },
      `The caller was told: ${JSON.stringify(text)}`,
    ),
  );
  await publish(conversation, 'open');
}

async function publish(conversation: Conversation, status: 'open' | 'handoff'): Promise<void> {
  const { tenantId, conversationId } = conversation.state.start;
  await store.updateConversation({ tenantId, conversationId, patch: { status } });
}
