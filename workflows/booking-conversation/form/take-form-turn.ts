import {
  hear,
  mostFormTurns,
  mostMisheard,
  type BookingForm,
  type FormStep,
} from '../../../domain/booking/form/booking-form.js';
import { remarkWords, type FormRemark } from '../../../domain/booking/form/form-texts.js';
import type { Conversation } from '../conversation.js';
import { keepWords } from '../keep-words.js';
import type { CallerMessage } from '../messages.js';
import type { Spoken } from '../speak.js';
import { leave, tellDone, toPerson } from './end-form.js';
import { formFacts, questionOf } from './form-facts.js';
import { confirm, enter, giveBack, hold, identify, search, type Found } from './form-tools.js';
import { sayChecked, type Instead } from './say-checked.js';

/** One caller turn of a form that has begun. */
export async function takeFormTurn(
  conversation: Conversation,
  form: BookingForm,
  messages: readonly CallerMessage[],
): Promise<Spoken> {
  await keepWords(conversation, messages);
  const text = messages.map((message) => message.text).join('\n');
  const step = hear(form, text, formFacts(conversation, form));
  return carryOut(conversation, form, step, { draftEntryId: null }, []);
}

/** Carries steps out until the caller must speak again, or the form is over. */
export async function carryOut(
  conversation: Conversation,
  before: BookingForm,
  first: FormStep,
  instead: Instead,
  opening: readonly FormRemark[],
): Promise<Spoken> {
  const doneBefore = conversation.state.ledger.length;
  const remarks: FormRemark[] = [...opening];
  let step = first;
  for (;;) {
    let found: Found | null;
    switch (step.kind) {
      case 'ask':
        return ask(conversation, before, { ...step.form, misheard: 0 }, remarks, instead);
      case 'again': {
        const form = { ...before, misheard: before.misheard + 1 };
        if (form.misheard >= mostMisheard) {
          step = { kind: 'person' };
          continue;
        }
        return ask(conversation, before, form, [...remarks, 'misheard'], instead);
      }
      case 'speak': {
        const { language } = step;
        const isServed = conversation.state.practice.languages.includes(language);
        if (isServed) conversation.apply((state) => ({ ...state, language }));
        return ask(conversation, before, before, isServed ? [] : ['misheard'], instead);
      }
      case 'person':
        return toPerson(conversation, remarks, instead);
      case 'leave':
      case 'goodbye':
        return leave(conversation, step.kind, instead);
      case 'enter':
        found = await enter(conversation, step);
        break;
      case 'identify':
        found = await identify(conversation, step);
        break;
      case 'search':
        found = await search(conversation, step);
        break;
      case 'hold':
        found = await hold(conversation, step);
        break;
      case 'confirm':
        found = await confirm(conversation, step);
        if (found === null) return tellDone(conversation, step.form, doneBefore, instead);
        break;
      case 'giveBack':
        found = await giveBack(conversation, step);
        break;
    }
    if (found.remark !== null) remarks.push(found.remark);
    step = found.step;
  }
}

async function ask(
  conversation: Conversation,
  before: BookingForm,
  form: BookingForm,
  remarks: readonly FormRemark[],
  instead: Instead,
): Promise<Spoken> {
  const turns = before.turns + 1;
  if (turns > mostFormTurns) return toPerson(conversation, [], instead);
  // A yes that was not understood is asked for again: the caller hears day and time once more.
  conversation.apply((state) => ({
    ...state,
    form: { ...form, turns },
    hold: form.question === 'consent' && state.hold ? { ...state.hold, readBackTurn: null } : state.hold,
  }));
  const { language } = conversation.state;
  const text = [
    ...remarks.map((remark) => remarkWords(remark, language)),
    questionOf(conversation, form),
  ].join(' ');
  return sayChecked(conversation, text, instead);
}
