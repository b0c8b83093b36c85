import { isConsent } from '../../../domain/booking/consent.js';
import type { MessagesRequest, Turn } from '../messages.js';
import {
  askToCancel,
  askToCome,
  cancel,
  confirmAttendance,
  lookAtAppointments,
  sayConfirmed,
} from './appointments.js';
import { confirm, hold, meetPeople, offer, readBack, search } from './booking.js';
import { indexOf, lastOk, readDesk, sayVisit, type Desk, type ToolHappening } from './desk.js';
import { atHand, isMovingOn, nextOfAll } from './diary.js';
import { forTheNext, joinWaitlist, reportFurther, saveInsurance } from './further-wishes.js';
import { businessOf, says } from './intents.js';
import { holds, offersTimes } from './languages.js';
import { call, claimsOf, prefixed, say, turnOfMove, type Move } from './moves.js';
import { openTopic, practiceAnswers } from './practice-answers.js';
import { afterError, doneNow, orderReport } from './reports.js';
import { optionsOf, pickLoosely, pickOption } from './slot-options.js';
import { isNamed, wishOf } from './wish.js';

/**
 * Plays a receptionist by rules, in English and Spanish, without state: the whole request is read again each time. Asks for what is missing,
 * searches, offers, holds, reads back, and books only after a yes. Good enough for a person without a key; no match for the real model.
 */
export function receptionist(request: MessagesRequest): Turn {
  const desk = atHand(readDesk(request));
  const move = desk.last?.kind === 'tool' ? afterTool(desk, desk.last) : afterCaller(desk);
  return turnOfMove(notTwice(desk, withFacts(desk, move)), desk.language);
}

/** What was asked about the practice is answered before anything else that is said. */
function withFacts(desk: Desk, move: Move): Move {
  const facts = practiceAnswers(desk);
  return facts === '' ? move : prefixed(facts, move);
}

/** The same question again helps nobody: it is asked once more with an apology, then a person is offered. */
function notTwice({ said, t }: Desk, move: Move): Move {
  if (move.kind !== 'say' || move.text === '' || !said.endsWith(move.text)) return move;
  return said.startsWith(t.sorry) ? say(`${t.stillLost} ${t.offersPerson}`) : prefixed(t.sorry, move);
}

function afterCaller(desk: Desk): Move {
  const { fresh, t } = desk;
  if (says('emergency', fresh)) return handOff('possible emergency', 'The caller reports something urgent.');
  if (says('human', fresh)) return handOff('asked for a person', 'The caller asks to speak with a person.');
  if (holds(desk.said, 'offersPerson')) {
    if (says('yes', fresh))
      return handOff('needs a person', 'The agent could not help; the caller wants a person.');
    if (says('no', fresh) && fresh.length < 20) return say(`${t.allRight} ${t.howElse}`);
  }
  const topic = openTopic(desk);
  if (topic) return call('practice_info', { topic });
  if (isMovingOn(desk) && says('no', fresh)) return say(`${t.leftAsItIs} ${t.asksMore}`);
  return afterQuestions(desk);
}

/** The turn without what the caller asks about the practice. */
const afterQuestions = (desk: Desk): Move =>
  answerToConsent(desk) ?? answerToOffer(desk) ?? smallTalk(desk) ?? goOn(desk);

const handOff = (reason: string, summary: string): Move => call('transfer_to_human', { reason, summary });

/** The last question that a tool left open, when the caller was just asked it. */
function openQuestion({ tools, said }: Desk): ToolHappening | undefined {
  const last = tools.findLast(({ name }) => name !== 'practice_info');
  if (!holds(said, 'asksConsent') || last?.code !== 'consent_needed') return undefined;
  return last.name === 'cancel' || last.name === 'confirm_attendance' ? last : undefined;
}

/** The answer to a read-back: a yes books, moves, cancels or confirms; everything else does not. */
function answerToConsent(desk: Desk): Move | null {
  const { fresh, freshTexts, practice, t } = desk;
  if (!holds(desk.said, 'asksConsent')) return null;
  const asked = openQuestion(desk);
  if (asked) {
    const ref = String(asked.input['appointment']);
    const isCancel = asked.name === 'cancel';
    const agrees = isConsent(freshTexts) || (isCancel && /^\W*(?:please |por favor )?cancel/i.test(fresh));
    if (agrees)
      return isCancel ? cancel(desk, { appointment: ref }) : confirmAttendance({ appointment: ref });
    if (says('no', fresh) || says('changedMind', fresh)) return say(`${t.leftAsItIs} ${t.asksMore}`);
    return businessOf(freshTexts) ? null : say(isCancel ? askToCancel(desk, ref) : askToCome(desk, ref));
  }
  const held = lastOk(desk, 'hold_slots');
  if (!held || indexOf(desk, held) < desk.settled) return null;
  if (isConsent(freshTexts)) return confirm(desk, held);
  const searched = lastOk(desk, 'find_slots');
  const options = searched ? optionsOf(searched.data, desk.wish).options : [];
  const picked = pickOption(options, fresh, practice.today);
  if (searched && picked) return hold(desk, searched, picked);
  if (isNamed(wishOf(freshTexts, practice)) || says('other', fresh)) return search(desk);
  if (says('no', fresh) || says('changedMind', fresh)) return say(t.notBooked);
  const fresher = businessOf(freshTexts);
  if (fresher !== null && fresher !== 'book' && fresher !== 'reschedule') return null;
  const again = readBack(desk, held);
  return isConsent(freshTexts.map((text) => text.split(/[.,!?]/)[0] ?? ''))
    ? prefixed(t.toBeSure, again)
    : again;
}

/** The choice among what was offered, or the wish for something else. */
function answerToOffer(desk: Desk): Move | null {
  const { fresh, freshTexts, practice, t } = desk;
  const searched = lastOk(desk, 'find_slots');
  if (!searched || indexOf(desk, searched) < desk.settled) return null;
  const freshBusiness = businessOf(freshTexts, true);
  if (freshBusiness === 'waitlist' || freshBusiness === 'confirm') return null;
  const isOffered = offersTimes(desk.said);
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
  if (freshBusiness && freshBusiness !== desk.business) return null;
  if (wishes || (isOffered && says('other', fresh))) return search(desk);
  if (isOffered && says('no', fresh)) return say(t.whichOther);
  if (isOffered && !says('bye', fresh) && !says('changedMind', fresh) && practiceAnswers(desk) === '')
    return say(t.whichSuits);
  return null;
}

/** Thanks, goodbye, a change of mind, a greeting. */
function smallTalk(desk: Desk): Move | null {
  const { fresh, said, t } = desk;
  const asksNothing = businessOf([fresh]) === null;
  const isDone =
    holds(said, 'asksMore') ||
    holds(said, 'howCanIHelp') ||
    holds(said, 'howElse') ||
    /How can I help/.test(said);
  if (asksNothing && says('bye', fresh)) return end(desk);
  if (asksNothing && isDone && says('no', fresh)) return end(desk);
  if (says('changedMind', fresh)) return say(t.nothingChanged);
  if (!asksNothing) return null;
  if (practiceAnswers(desk) !== '') return says('price', fresh) ? say(t.offersPerson) : pending(desk);
  if (isDone && says('thanks', fresh)) return say(`${t.welcome} ${t.asksMore}`);
  if (isDone && says('yes', fresh) && fresh.length < 20) return say(t.howCanIHelp);
  return null;
}

/** After an answer about the practice, the question that was open. */
function pending({ said, business, t }: Desk): Move {
  const question = /(?:¿[^?]*|[^.?!]*)\?(?: Please say yes or no\.| Por favor, diga sí o no\.)?$/
    .exec(said)?.[0]
    .trim();
  return say(question === undefined || business === null ? t.howElse : question);
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
  const { business, practice, t } = desk;
  if (business === null) return say(desk.said === '' ? t.hello(practice.name) : t.whichBusiness);
  const meeting = meetPeople(desk);
  if (meeting) return meeting;
  switch (business) {
    case 'book':
      return search(desk);
    case 'waitlist':
      return joinWaitlist(desk);
    case 'insurance':
      return saveInsurance(desk);
    case 'reschedule':
    case 'cancel':
    case 'list':
    case 'confirm':
      return lookAtAppointments(desk) ?? search(desk);
  }
}

function afterTool(desk: Desk, tool: ToolHappening): Move {
  const { t } = desk;
  if (!tool.ok) return afterError(desk, tool);
  switch (tool.name) {
    case 'find_slots': {
      const { words, claims, needsHuman } = doneNow(desk);
      const offered = offer(desk, tool);
      return words === '' || offered.kind === 'call'
        ? offered
        : say(`${words} ${offered.text}`, [...claims, ...offered.claims], needsHuman);
    }
    case 'hold_slots':
      return readBack(desk, tool);
    case 'confirm_booking':
    case 'reschedule': {
      const { words, claims, needsHuman } = orderReport(desk, tool);
      const next = tool.name === 'reschedule' ? nextOfAll(desk) : undefined;
      // The day is asked for anew: what suited the first visit may not suit the second.
      if (next)
        return say(`${words} ${t.nextMove(sayVisit(desk, next))} ${t.whichOther}`, claims, needsHuman);
      return say(`${words} ${t.asksMore}`, claims, needsHuman);
    }
    case 'cancel': {
      const next = nextOfAll(desk);
      if (next) return cancel(desk, next);
      const { words, claims } = doneNow(desk);
      return say(`${words} ${t.asksMore}`, claims);
    }
    case 'confirm_attendance': {
      const ref = String(tool.data['appointment']);
      return say(`${sayConfirmed(desk, ref)} ${t.asksMore}`, claimsOf('confirmed', [ref]));
    }
    case 'practice_info': {
      const topic = openTopic(desk);
      return topic ? call('practice_info', { topic }) : afterQuestions(desk);
    }
    case 'join_waitlist':
    case 'save_insurance':
      return forTheNext(desk, tool) ?? reportFurther(desk, tool);
    case 'transfer_to_human': {
      const urgent = says('emergency', desk.fresh) ? `${t.callEmergency} ` : '';
      return say(`${urgent}${t.handedOff}`, claimsOf('handed_off', [tool.data['task']]));
    }
    case 'end_conversation':
      return say(t.goodbye);
    default:
      return goOn(desk);
  }
}
