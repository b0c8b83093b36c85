import { condition, sleep } from '@temporalio/workflow';
import type { Conversation } from './conversation.js';
import { promiseCallback } from './hand-off.js';
import { afterSilence, promptCaller } from './silence.js';

/** What runs beside the turns: timers that end the conversation, or give it words that no message asked for. */
export interface Watch {
  /** Why the conversation ends after the work under way; null = it goes on. */
  ending: string | null;
  /** The silence calls for a question. */
  promptDue: boolean;
  /** No colleague answered the hand-off in time. */
  answerOverdue: boolean;
}

/** One timer at a time, set again when it rings too early: a timer per turn would cost two events each. */
export async function watchSilence(talk: Conversation, watch: Watch, isQuiet: () => boolean): Promise<void> {
  while (watch.ending === null) {
    await condition(() => isQuiet() && !watch.promptDue);
    const next = afterSilence(talk.state, talk.timings, Date.now());
    if (next.kind === 'close') watch.ending ??= 'idle';
    else if (next.kind === 'prompt') watch.promptDue = true;
    else await sleep(Math.max(next.waitMs, 1), { summary: 'the silence of the caller' });
  }
}

/** One timer for each hand-off that waits for a colleague. */
export async function watchHandOff(talk: Conversation, watch: Watch): Promise<void> {
  const answerBy = (): number | null => talk.state.handoff?.answerByMs ?? null;
  while (watch.ending === null) {
    await condition(() => answerBy() !== null);
    const deadline = answerBy();
    if (deadline === null) continue;
    const answered = await condition(() => answerBy() !== deadline, Math.max(deadline - Date.now(), 1), {
      summary: 'staff are to answer',
    });
    if (answered) continue;
    watch.answerOverdue = true;
    await condition(() => !watch.answerOverdue);
  }
}

/** Words that no message asked for. */
export async function speakUnasked(talk: Conversation, watch: Watch): Promise<void> {
  if (watch.answerOverdue && typeof talk.state.handoff?.answerByMs === 'number') await promiseCallback(talk);
  else if (watch.promptDue) await promptCaller(talk);
  watch.answerOverdue = false;
  watch.promptDue = false;
}
