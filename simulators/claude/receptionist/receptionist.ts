import { isConsent } from '../../../domain/booking/consent.js';
import type { MessagesRequest, Turn } from '../messages.js';
import { askToCancel, cancel, lookAtAppointments, nextToCancel } from './appointments.js';
import { confirm, hold, meetPeople, offer, readBack, search } from './booking.js';
import { indexOf, lastOk, readDesk, type Desk, type ToolHappening } from './desk.js';
import { businessOf, says } from './intents.js';
import { asksConsent, asksMore, call, offersPerson, prefixed, say, turnOfMove, type Move } from './moves.js';
import { practiceAnswers } from './practice-answers.js';
import { afterError, cancelledNow, reportOrder } from './reports.js';
import { optionsOf, pickLoosely, pickOption } from './slot-options.js';
import { spanishMove } from './spanish.js';
import { isNamed, wishOf } from './wish.js';

/**
 * Plays a receptionist by rules, without state: the whole request is read again each time. Asks for what is missing, searches, offers,
 * holds, reads back, and books only after a yes. Good enough for a person without a key; no match for the real model.
 */
export function receptionist(request: MessagesRequest): Turn {
  const desk = readDesk(request);
  const spanish = spanishMove(desk);
  if (spanish) return turnOfMove(spanish, 'es');
  const move = desk.last?.kind === 'tool' ? afterTool(desk, desk.last) : afterCaller(desk);
  return turnOfMove(notTwice(desk, withFacts(desk, move)), 'en');
}

/** What was asked about the practice is answered before anything else that is said. */
function withFacts(desk: Desk, move: Move): Move {
  const facts = practiceAnswers(desk);
  return facts === '' ? move : prefixed(facts, move);
}

const sorry = 'Sorry, I did not understand that.';

/** The same question again helps nobody: it is asked once more with an apology, then a person is offered. */
function notTwice(desk: Desk, move: Move): Move {
  if (move.kind !== 'say' || move.text === '' || !desk.said.endsWith(move.text)) return move;
  return desk.said.startsWith(sorry)
    ? say(`I am sorry, I still do not understand. ${offersPerson}`)
    : prefixed(sorry, move);
}

function afterCaller(desk: Desk): Move {
  const { fresh } = desk;
  if (says('emergency', fresh)) return handOff('possible emergency', 'The caller reports something urgent.');
  if (says('human', fresh)) return handOff('asked for a person', 'The caller asks to speak with a person.');
  if (desk.said.includes(offersPerson)) {
    if (says('yes', fresh))
      return handOff('needs a person', 'The agent could not help; the caller wants a person.');
    if (says('no', fresh) && fresh.length < 20) return say('All right. How else can I help?');
  }
  return answerToConsent(desk) ?? answerToOffer(desk) ?? smallTalk(desk) ?? goOn(desk);
}

const handOff = (reason: string, summary: string): Move => call('transfer_to_human', { reason, summary });

/** The answer to a read-back: a yes books, moves or cancels; everything else does not. */
function answerToConsent(desk: Desk): Move | null {
  const { fresh, freshTexts, practice } = desk;
  if (!desk.said.includes(asksConsent)) return null;
  const asked =
    desk.tools.at(-1)?.code === 'consent_needed' && desk.tools.at(-1)?.name === 'cancel'
      ? desk.tools.at(-1)
      : undefined;
  if (asked) {
    const ref = String(asked.input['appointment']);
    if (isConsent(freshTexts) || /^\W*(?:please )?cancel\b/i.test(fresh))
      return cancel(desk, { appointment: ref });
    if (says('no', fresh) || says('changedMind', fresh))
      return say(`All right, I leave it as it is. ${asksMore}`);
    return businessOf(freshTexts) ? null : say(askToCancel(desk, ref));
  }
  const held = lastOk(desk, 'hold_slots');
  if (!held || indexOf(desk, held) < desk.settled) return null;
  if (isConsent(freshTexts)) return confirm(desk, held);
  const searched = lastOk(desk, 'find_slots');
  const options = searched ? optionsOf(searched.data, desk.wish).options : [];
  const picked = pickOption(options, fresh, practice.today);
  if (searched && picked) return hold(desk, searched, picked);
  if (isNamed(wishOf(freshTexts, practice)) || says('other', fresh)) return search(desk);
  if (says('no', fresh) || says('changedMind', fresh))
    return say(
      'All right, I do not book it. Which other day or time would suit you, or can I do something else?',
    );
  if (businessOf(freshTexts) === 'cancel' || businessOf(freshTexts) === 'list') return null;
  const again = readBack(desk, held);
  return isConsent(freshTexts.map((text) => text.split(/[.,!?]/)[0] ?? ''))
    ? prefixed('To be sure:', again)
    : again;
}

/** The choice among what was offered, or the wish for something else. */
function answerToOffer(desk: Desk): Move | null {
  const { fresh, freshTexts, practice } = desk;
  const searched = lastOk(desk, 'find_slots');
  if (!searched || indexOf(desk, searched) < desk.settled) return null;
  const isOffered = /suits? you/.test(desk.said);
  const freshWish = wishOf(freshTexts, practice);
  const isElsewhere = freshWish.location !== null && freshWish.location !== searched.input['location'];
  const wishes = isElsewhere || isNamed({ ...freshWish, location: null });
  if (isOffered && !says('other', fresh) && !says('no', fresh) && !isElsewhere) {
    const { options } = optionsOf(searched.data, desk.wish);
    const all = optionsOf(searched.data, wishOf([], practice)).options;
    const picked =
      pickOption(options, fresh, practice.today) ??
      pickOption(all, fresh, practice.today) ??
      (wishes ? undefined : pickLoosely(options, fresh));
    if (picked) return hold(desk, searched, picked);
  }
  const freshBusiness = businessOf(freshTexts);
  if (freshBusiness && freshBusiness !== desk.business) return null;
  if (wishes || (isOffered && says('other', fresh))) return search(desk);
  if (isOffered && says('no', fresh)) return say('Which other day or time of day would you prefer?');
  if (isOffered && !says('bye', fresh) && !says('changedMind', fresh) && practiceAnswers(desk) === '')
    return say('Which of these times suits you? You can also name another day.');
  return null;
}

/** Thanks, goodbye, a change of mind, a greeting. */
function smallTalk(desk: Desk): Move | null {
  const { fresh } = desk;
  const asksNothing = businessOf([fresh]) === null;
  const isDone = desk.said.includes(asksMore) || /How (?:else )?can I help/.test(desk.said);
  if (asksNothing && says('bye', fresh)) return end(desk);
  if (asksNothing && isDone && says('no', fresh)) return end(desk);
  if (says('changedMind', fresh)) return say('All right, nothing is changed. How else can I help?');
  if (!asksNothing) return null;
  if (isDone && says('thanks', fresh)) return say(`You are welcome. ${asksMore}`);
  if (isDone && says('yes', fresh) && fresh.length < 20) return say('How can I help?');
  if (practiceAnswers(desk) !== '') return says('price', fresh) ? say(offersPerson) : pending(desk);
  return null;
}

/** After an answer about the practice, the question that was open. */
function pending(desk: Desk): Move {
  const question = /[^.?!]*\?(?: Please say yes or no\.)?$/.exec(desk.said)?.[0].trim();
  return say(question === undefined || desk.business === null ? 'How else can I help?' : question);
}

function end(desk: Desk): Move {
  const outcomes = { confirm_booking: 'booked', reschedule: 'rescheduled', cancel: 'cancelled' } as const;
  const settled = desk.happenings[desk.settled];
  const name = settled?.kind === 'tool' ? settled.name : '';
  const outcome = name in outcomes ? outcomes[name as keyof typeof outcomes] : 'information';
  return call('end_conversation', { outcome });
}

/** Gathers what is missing for the business at hand, then takes the next step. */
function goOn(desk: Desk): Move {
  const { business, practice } = desk;
  if (business === null) {
    if (desk.said === '') return say(`Hello, this is ${practice.name}. How can I help you today?`);
    return say('I can book, move or cancel a visit for you. Which of these would you like?');
  }
  const meeting = meetPeople(desk);
  if (meeting) return meeting;
  if (business === 'book') return search(desk);
  return lookAtAppointments(desk) ?? search(desk);
}

function afterTool(desk: Desk, tool: ToolHappening): Move {
  if (!tool.ok) return afterError(desk, tool);
  switch (tool.name) {
    case 'find_slots':
      return offer(desk, tool);
    case 'hold_slots':
      return readBack(desk, tool);
    case 'confirm_booking':
    case 'reschedule':
      return reportOrder(tool);
    case 'cancel': {
      const next = nextToCancel(desk);
      if (next) return cancel(desk, next);
      const { words, claims } = cancelledNow(desk);
      return say(`${words} ${asksMore}`, claims);
    }
    case 'transfer_to_human': {
      const urgent = says('emergency', desk.fresh) ? 'If this is an emergency, please call 911 now. ' : '';
      return say(`${urgent}I have passed this on to our team. A colleague will get back to you.`, [
        { kind: 'handed_off', ref: String(tool.data['task']) },
      ]);
    }
    case 'end_conversation':
      return say('Thank you, and have a nice day!');
    default:
      return goOn(desk);
  }
}
