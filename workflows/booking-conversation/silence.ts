import { spoken } from '../../domain/agent/spoken-texts.js';
import { speechMs } from '../../domain/agent/reply-length.js';
import type { Channel } from '../../domain/tenant.js';
import { store } from '../options.js';
import type { Conversation } from './conversation.js';
import type { ConversationTimings } from './messages.js';
import { mint, notice, type ConversationState } from './state.js';

/** Times that the agent asks into one silence before it closes (claude.md 4). */
const mostPrompts: Readonly<Record<Channel, number>> = { voice: 2, chat: 1 };

/** A caller who waits for a colleague is quiet; nobody hangs up on them before this. */
const waitingForStaffMs = 30 * 60_000;

/** What a silence of this length calls for; `waitMs` until there is something to do. A colleague who has the conversation is left alone. */
export function afterSilence(
  state: ConversationState,
  timings: ConversationTimings,
  nowMs: number,
):
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'close' } {
  const { handoff, prompts, start, turn } = state;
  const most = turn > 0 && !handoff ? mostPrompts[start.channel] : 0;
  // On the phone the goodbye follows the last question like the questions each other; a chat may sleep over night.
  const asked = start.channel === 'voice' && most > 0 && prompts >= most;
  const closeMs = asked ? timings.silencePromptMs : timings.idleCloseMs;
  const patienceMs = handoff ? Math.max(closeMs, waitingForStaffMs) : closeMs;
  const mayPrompt = prompts < most && timings.silencePromptMs < patienceMs;
  const dueMs = mayPrompt ? timings.silencePromptMs : patienceMs;
  const quietMs = nowMs - state.lastCallerAtMs;
  if (quietMs < dueMs) return { kind: 'wait', waitMs: dueMs - quietMs };
  return { kind: mayPrompt ? 'prompt' : 'close' };
}

/** Asks whether the caller is still there. */
export async function promptCaller(conversation: Conversation): Promise<void> {
  const { ref, state } = mint(conversation.state, 'spoken');
  conversation.apply(() => ({ ...state, prompts: state.prompts + 1 }));
  const { start, promptBundle, language } = conversation.state;
  const { tenantId, conversationId, channel } = start;
  const text = spoken(language, channel === 'voice' ? 'stillThere' : 'nudge', {});
  const entryId = `silence.${ref}.spoken`;
  await store.speak({ tenantId, conversationId, entryId, text, promptBundle, insteadOf: null });
  conversation.apply((now) => ({ ...now, lastCallerAtMs: conversation.nowMs() + speechMs(text, channel) }));
  conversation.apply((now) => notice(now, `The caller was silent and was asked: ${JSON.stringify(text)}`));
}
