import type { Reply } from '../../workflows/booking-conversation/messages.js';
import type { Caller } from './caller.js';
import type { ScriptedTurn } from './model-script.js';

/** Faults of one turn in which no model answers: the first one and its fallback. */
export const noModel = {
  overloaded: Array.from({ length: 8 }, (): ScriptedTurn => ({ fault: '529' })),
  refusal: [{ fault: 'refusal' }, { fault: 'refusal' }],
  badKey: [{ fault: '401' }],
} as const satisfies Readonly<Record<string, readonly ScriptedTurn[]>>;

/** What a caller answers to each question of the form; the first words of the question tell which it is. */
export type FormAnswers = readonly (readonly [question: RegExp, answer: string])[];

/** Answers the form until its text matches `until`; the reply that does. */
export async function fillForm(
  caller: Caller,
  asked: Reply,
  answers: FormAnswers,
  until: RegExp,
): Promise<Reply> {
  let reply = asked;
  for (let turns = 0; !until.test(reply.text); turns++) {
    const next = answers.find(([question]) => question.test(reply.text));
    if (!next || turns > 30) throw new Error(`Nothing to answer to ${JSON.stringify(reply.text)}`);
    reply = await caller.say(next[1]);
  }
  return reply;
}

/** One new child, in English. */
export const newChild = (lastName: string): FormAnswers => [
  [/Who is the visit for/, '1'],
  [/first and the last name/, `Ada ${lastName}`],
  [/birth date\?/, '5/6/2014'],
  [/Is that right/, 'Yes'],
  [/your phone number/, '(555) 555-0142'],
  [/anybody else/, 'no'],
  [/What kind of visit/, '1'],
  [/At which office/, 'Downtown'],
  [/These times are free/, 'the first one'],
];
