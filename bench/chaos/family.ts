import { randomUUID } from 'node:crypto';
import type { ConversationSnapshot, Reply } from '../../workflows/booking-conversation/messages.js';
import type { Caller } from '../../test/kit/caller.js';
import { call, say, type ScriptedTurn } from '../../test/kit/model-script.js';
import type { Stack } from '../../test/kit/stack.js';

/** A family that wants a visit for each of its children. */
export interface Family {
  /** Nobody else in the practice has it. */
  readonly lastName: string;
  readonly children: number;
  readonly location: string;
  /** Days in which a visit is looked for, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/** What a family was told, and whether it was left without an answer. */
export interface Told {
  readonly family: Family;
  readonly conversationId: string | null;
  readonly replies: readonly Reply[];
  readonly unanswered: string | null;
}

/** Words of a model that always claims success: whoever reads them was told so by the product. */
export const boast = 'All of it is booked, I promise.';

const firstNames = ['Ada', 'Bea', 'Cleo'];
/** A family that was not booked asks for another time, also while the practice still looks into the first. */
const tries = 3;

/** Plays one family from its first words to the end, through a model that always confirms and always claims. */
export async function playFamily(stack: Stack, family: Family, door: StubbornDoor): Promise<Told> {
  const replies: Reply[] = [];
  let caller: Caller | undefined;
  try {
    caller = await door.until(() => stack.caller());
    const { conversationId } = caller;
    const who = Array.from({ length: family.children }, (_, index) => `P${index + 1}`);
    for (let attempt = 1; attempt <= tries; attempt++) {
      const meet = attempt === 1 ? firstNames.slice(0, family.children).map(newChild(family)) : [];
      await stack.model.play(conversationId, [...meet, ...lookAndHold(family, who), say('Shall I book it?')]);
      if (!(await hear(caller, attempt === 1 ? 'My children are new.' : 'Another time then, please.'))) break;
      const { hold } = await stateOf(caller);
      if (!hold) continue;
      await stack.model.play(conversationId, [
        call('confirm_booking', { hold: hold.ref, caller_said: 'yes' }),
        say(
          boast,
          who.map((_, index) => ({ kind: 'booked', ref: `A${index + 1}` })),
        ),
      ]);
      const reply = await hear(caller, 'Yes, please book it.');
      if (!reply || reply.outcome === 'booked') break;
    }
    return { family, conversationId, replies, unanswered: null };
  } catch (error) {
    return { family, conversationId: caller?.conversationId ?? null, replies, unanswered: String(error) };
  }

  /** The reply; null when the conversation is over. */
  async function hear(talk: Caller, text: string): Promise<Reply | null> {
    const messageId = randomUUID();
    const reply = await door.until(() => unlessClosed(talk.say(text, messageId)));
    if (reply) replies.push(reply);
    return reply?.status === 'open' ? reply : null;
  }

  function stateOf(talk: Caller): Promise<ConversationSnapshot> {
    return door.until(async () => {
      const state = (await talk.state()) as ConversationSnapshot | undefined;
      if (!state) throw new Error('no state');
      return state;
    });
  }
}

const newChild =
  ({ lastName }: Family) =>
  (firstName: string): ScriptedTurn =>
    call('start_new_patient', {
      first_name: firstName,
      last_name: lastName,
      birth_date: '2014-05-06',
      phone: '5555550142',
      email: null,
    });

const lookAndHold = ({ location, from, to }: Family, patients: readonly string[]): ScriptedTurn[] => [
  call('find_slots', { visit_type: 'exam', location, from, to, part_of_day: 'any', patients: [...patients] }),
  call('hold_slots', { visits: patients.map((patient, index) => ({ patient, slot: `S${index + 1}` })) }),
];

async function unlessClosed(reply: Promise<Reply>): Promise<Reply | null> {
  try {
    return await reply;
  } catch (error) {
    if (String(error).includes('ConversationClosed')) return null;
    throw error;
  }
}

/** Asks again, with the same message id, whatever went wrong: processes come back. */
export interface StubbornDoor {
  until<T>(ask: () => Promise<T>): Promise<T>;
  /** What went wrong in between, by kind. */
  troubles(): Readonly<Record<string, number>>;
}

/** Gives up `patienceMs` after the first try, or after the calm when that comes later. */
export function stubbornDoor(patienceMs: number, calm: Promise<unknown> = Promise.resolve()): StubbornDoor {
  const troubles: Record<string, number> = {};
  let calmAtMs = Infinity;
  void calm.then(() => (calmAtMs = Date.now()));
  return {
    troubles: () => troubles,
    until: async (ask) => {
      const beganAtMs = Date.now();
      for (;;) {
        try {
          return await ask();
        } catch (error) {
          const kind = kindOf(error);
          troubles[kind] = (troubles[kind] ?? 0) + 1;
          if (Date.now() > Math.max(beganAtMs, calmAtMs) + patienceMs) throw error;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
  };
}

function kindOf(error: unknown): string {
  const text = String(error);
  const problem = /"type":"[^"]*?([A-Za-z-]+)"/.exec(text)?.[1];
  if (problem !== undefined) return problem;
  return text.includes('fetch failed') || text.includes('terminated') ? 'noConnection' : text.slice(0, 80);
}
