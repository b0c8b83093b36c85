import { isConsent } from '../../domain/booking/consent.js';
import type { AgentAnswer, Claim } from '../../domain/agent/answer.js';
import {
  intentOf,
  isKnownPatient,
  peopleIn,
  phoneIn,
  postalCodeIn,
  wishOf,
  type Intent,
} from './caller-facts.js';
import { readConversation, type Happening, type Practice } from './conversation-reading.js';
import type { MessagesRequest, Turn } from './messages.js';
import { optionsOf, pickOption, sayOption, type Option } from './slot-options.js';
import { plainTurn, toolTurn } from './script.js';

type ToolHappening = Extract<Happening, { kind: 'tool' }>;

/** The desk as it stands: everything that the receptionist decides by. */
interface Desk {
  readonly practice: Practice;
  readonly happenings: readonly Happening[];
  /** All words of the caller, and those since the agent last spoke. */
  readonly texts: readonly string[];
  readonly fresh: readonly string[];
  readonly intent: Intent;
  readonly last: Happening | undefined;
}

/**
 * Plays a receptionist by rules, without state: the whole request is read again each time. Asks for what is missing, searches, offers,
 * holds, reads back, and books only after a yes. Good enough for a person without a key; no match for the real model.
 */
export function receptionist(request: MessagesRequest): Turn {
  const { happenings, practice } = readConversation(request);
  const lastAgent = happenings.findLastIndex((happening) => happening.kind === 'agent');
  const texts = happenings.flatMap((happening) => (happening.kind === 'caller' ? [happening.text] : []));
  const fresh = happenings
    .slice(lastAgent + 1)
    .flatMap((happening) => (happening.kind === 'caller' ? [happening.text] : []));
  const intent =
    texts
      .map(intentOf)
      .filter((found) => found !== null && found !== 'goodbye' && found !== 'facts')
      .at(-1) ?? 'book';
  const desk: Desk = { practice, happenings, texts, fresh, intent, last: happenings.at(-1) };
  return desk.last?.kind === 'tool' ? afterTool(desk, desk.last) : afterCaller(desk);
}

const say = (text: string, claims: readonly Claim[] = [], needsHuman = false): Turn => {
  const answer: AgentAnswer = { claims, needs_human: needsHuman, language: 'en', say: text };
  return plainTurn(JSON.stringify(answer));
};
const call = (name: string, input: unknown): Turn => toolTurn([{ name, input }]);

const tools = (desk: Desk): readonly ToolHappening[] =>
  desk.happenings.filter((happening) => happening.kind === 'tool');
const lastOk = (desk: Desk, name: string): ToolHappening | undefined =>
  tools(desk).findLast((tool) => tool.name === name && tool.ok);
const indexOf = (desk: Desk, tool: Happening | undefined): number =>
  tool ? desk.happenings.indexOf(tool) : -1;
const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

/** Orders that were settled end a piece of business; what was said before belongs to it. */
const settledAt = (desk: Desk): number =>
  desk.happenings.findLastIndex(
    (one) => one.kind === 'tool' && one.ok && ['confirm_booking', 'reschedule', 'cancel'].includes(one.name),
  );

function afterCaller(desk: Desk): Turn {
  const words = desk.fresh.join(' ');
  const freshIntent = intentOf(words);
  if (freshIntent === 'human') {
    return call('transfer_to_human', {
      reason: 'asked for a person',
      summary: 'The caller asks to speak with a person.',
    });
  }
  const hold = lastOk(desk, 'hold_slots');
  const asked = tools(desk).findLast((tool) => tool.name === 'cancel' && tool.code === 'consent_needed');
  const done = settledAt(desk);
  if (indexOf(desk, asked) > done && isConsent(desk.fresh))
    return call('cancel', { ...asked?.input, caller_said: words });
  const searched = lastOk(desk, 'find_slots');
  if (hold && indexOf(desk, hold) > Math.max(done, indexOf(desk, searched)) && isConsent(desk.fresh))
    return confirm(desk, hold, words);
  if (freshIntent === 'goodbye')
    return call('end_conversation', { outcome: done >= 0 ? 'booked' : 'information' });
  if (freshIntent === 'facts') return practiceFacts(desk.practice);
  if (searched && indexOf(desk, searched) > done) {
    const options = optionsOf(searched.data);
    const picked = pickOption(options, words, desk.practice.today);
    if (picked) return holdOption(desk, searched, picked);
    if (
      wishOf(desk.fresh, desk.practice).named ||
      wishOf(desk.fresh, { ...desk.practice, locations: [] }).location
    )
      return search(desk);
    if (!freshIntent) return say('Which of these times suits you? You can also name another day.');
  }
  return goOn(desk);
}

function afterTool(desk: Desk, tool: ToolHappening): Turn {
  if (!tool.ok) return afterError(desk, tool);
  switch (tool.name) {
    case 'find_slots':
      return offer(tool);
    case 'hold_slots':
      return readBack(desk, tool);
    case 'confirm_booking':
    case 'reschedule':
      return report(tool);
    case 'cancel':
      return tool.data['outcome'] === 'already_cancelled'
        ? say('That appointment was cancelled before. Is there anything else?')
        : say('It is cancelled. Is there anything else that I can do?', [
            { kind: 'cancelled', ref: String(tool.data['appointment']) },
          ]);
    case 'transfer_to_human':
      return say('I have passed this on to our team. A colleague will get back to you.', [
        { kind: 'handed_off', ref: String(tool.data['task']) },
      ]);
    case 'end_conversation':
      return say('Thank you, and have a nice day!');
    default:
      return goOn(desk);
  }
}

/** Gathers what is missing for the business at hand, then takes the next step. */
function goOn(desk: Desk): Turn {
  const { intent, texts } = desk;
  if (
    desk.texts.length === 1 &&
    intentOf(texts[0] ?? '') === null &&
    peopleIn(texts, desk.practice.today).length === 0
  ) {
    return say(
      `Hello, this is ${desk.practice.name}. How can I help: a new appointment, or one that you have already?`,
    );
  }
  if (settledAt(desk) >= 0 && intentOf(desk.fresh.join(' ')) === null && desk.last?.kind === 'caller') {
    return say('Is there anything else that I can do for you?');
  }
  const known = intent !== 'book' || isKnownPatient(texts);
  const missing = known ? identify(desk) : registerNext(desk);
  if (missing) return missing;
  if (intent === 'book') return search(desk);
  const appointments = lastOk(desk, 'list_my_appointments');
  if (!appointments || indexOf(desk, appointments) < settledAt(desk)) return call('list_my_appointments', {});
  return chooseAppointment(desk, appointments);
}

/** Registers the next person who is new, or asks for what is missing of them. Null when all are known. */
function registerNext(desk: Desk): Turn | null {
  const people = peopleIn(desk.texts, desk.practice.today);
  const phone = phoneIn(desk.texts);
  if (people.length === 0) {
    return say(
      'Gladly. Please tell me first and last name and birth date of everybody who is coming, and a phone number. If you are a patient already, just say so.',
    );
  }
  const nextUp = people.find(
    (person) =>
      !tools(desk).some(
        (tool) =>
          tool.name === 'start_new_patient' &&
          tool.input['first_name'] === person.firstName &&
          tool.input['last_name'] === person.lastName &&
          tool.ok,
      ),
  );
  if (!nextUp) return null;
  if (nextUp.birthDate === null) return say(`What is ${nextUp.firstName}'s birth date, with the year?`);
  if (phone === null) return say('And which phone number may we use?');
  return call('start_new_patient', {
    first_name: nextUp.firstName,
    last_name: nextUp.lastName,
    birth_date: nextUp.birthDate,
    phone,
    email: null,
  });
}

/** Identifies the patient in question, or asks for what is missing. Null when done. */
function identify(desk: Desk): Turn | null {
  if (lastOk(desk, 'identify_patient') ?? lastOk(desk, 'start_new_patient')) return null;
  const [person] = peopleIn(desk.texts, desk.practice.today);
  if (!person)
    return say(
      'Please tell me first and last name and birth date of the patient, and the phone number on file.',
    );
  if (person.birthDate === null) return say(`What is ${person.firstName}'s birth date, with the year?`);
  const factor = phoneIn(desk.texts) ?? postalCodeIn(desk.texts);
  if (factor === null) return say('Thank you. And the phone number or postal code that we have on file?');
  return call('identify_patient', {
    first_name: person.firstName,
    last_name: person.lastName,
    birth_date: person.birthDate,
    second_factor: factor,
  });
}

/** References of the people of this business: those whom the caller names, else all who are known. */
function patientsOf(desk: Desk): string[] {
  const known = tools(desk).filter(
    (tool) => (tool.name === 'start_new_patient' || tool.name === 'identify_patient') && tool.ok,
  );
  return [...new Set(known.map((tool) => String(tool.data['patient'])))];
}

function search(desk: Desk): Turn {
  const { practice, intent } = desk;
  const begun = settledAt(desk);
  const recent = desk.happenings
    .slice(begun + 1)
    .flatMap((happening) => (happening.kind === 'caller' ? [happening.text] : []));
  const everywhere = wishOf(desk.texts, practice);
  const wish = wishOf(recent, practice);
  const location = wish.location ?? everywhere.location;
  if (location === null) {
    return say(
      `Which office would you like to come to: ${practice.locations.map(({ name }) => name).join(' or ')}?`,
    );
  }
  const exam = intent === 'book' && !isKnownPatient(desk.texts);
  const moving = intent === 'reschedule' ? appointmentInQuestion(desk) : undefined;
  const movedType = practice.visitTypes.find(({ name }) => name === moving?.['visit_type'])?.key;
  const visitType =
    movedType ??
    practice.visitTypes.find(({ key }) => key === (exam ? 'exam' : 'adjustment'))?.key ??
    practice.visitTypes[0]?.key;
  const patients = moving ? [String(moving['patient'])] : patientsOf(desk);
  return call('find_slots', {
    visit_type: visitType,
    location,
    from: wish.from,
    to: wish.to,
    part_of_day: wish.partOfDay,
    patients,
  });
}

function offer(tool: ToolHappening): Turn {
  const options = optionsOf(tool.data).slice(0, 3);
  const words = options.map(
    (option, index) => `${['first', 'second', 'third'][index] ?? 'next'}: ${sayOption(option)}`,
  );
  return say(`I have these times, ${words.join('; ')}. Which one suits you?`);
}

function holdOption(desk: Desk, searched: ToolHappening, option: Option): Turn {
  const patients = list(searched.input['patients']).map(String);
  const refs = patients.length > 0 ? patients : patientsOf(desk);
  return call('hold_slots', {
    visits: option.slots.map((slot, index) => ({ patient: refs[index] ?? refs[0], slot: slot.slot })),
  });
}

function readBack(desk: Desk, hold: ToolHappening): Turn {
  const visits = list(hold.data['visits']).map(
    (visit) =>
      `${String(visit['first_name'])} on ${String(visit['day'])} at ${String(visit['time'])}, ${String(visit['location'])}`,
  );
  const verb = desk.intent === 'reschedule' ? 'move the visit to this time' : 'book this';
  return say(`I am holding ${visits.join(', and ')} for you. Shall I ${verb}? Please say yes or no.`, [
    { kind: 'held', ref: String(hold.data['hold']) },
  ]);
}

function confirm(desk: Desk, hold: ToolHappening, words: string): Turn {
  const ref = hold.data['hold'];
  const moving = desk.intent === 'reschedule' ? appointmentInQuestion(desk) : undefined;
  return moving
    ? call('reschedule', { appointment: moving['appointment'], hold: ref, caller_said: words })
    : call('confirm_booking', { hold: ref, caller_said: words });
}

function report(tool: ToolHappening): Turn {
  const kind = tool.data['outcome'] === 'moved' ? 'moved' : 'booked';
  const booked = list(tool.data['appointments']);
  const claims = booked.map((one): Claim => ({ kind, ref: String(one['appointment']) }));
  const lines = booked.map(
    (one) =>
      `${String(one['first_name'])} is ${kind === 'moved' ? 'moved to' : 'booked for'} ${String(one['day'])} at ${String(one['time'])}, ${String(one['location'])}`,
  );
  const open = list(tool.data['not_booked']).map(
    (one) => `${String(one['first_name'])} does not have a visit yet`,
  );
  const incomplete =
    tool.data['outcome'] === 'reschedule_incomplete'
      ? [' A colleague will take care of the old appointment']
      : [];
  return say(
    `${[...lines, ...open, ...incomplete].join('. ')}. Is there anything else?`,
    claims,
    open.length > 0,
  );
}

function afterError(desk: Desk, tool: ToolHappening): Turn {
  switch (tool.code) {
    case 'consent_needed':
      return tool.name === 'cancel'
        ? say(
            `Shall I really cancel ${sayAppointment(desk, String(tool.input['appointment']))}? Please say yes or no.`,
          )
        : say('Shall I go ahead with this? Please say yes or no.');
    case 'slot_taken':
    case 'hold_expired':
      return mayRetry(desk, 'find_slots') ? search(desk) : say(tool.hint);
    case 'none_free':
      return say('Nothing is free then. Which other day, or which other office, would work for you?');
    case 'not_found':
    case 'locked':
    case 'ambiguous':
      return say(`${tool.hint} Would you like me to connect you?`);
    case 'being_checked':
      return say(
        'This is still being confirmed with the practice. A colleague will call you back.',
        [],
        true,
      );
    default:
      return say(tool.hint === '' ? 'That did not work. Could you say it again?' : tool.hint);
  }
}

/** True unless this tool was called since the caller last spoke: an error must not turn into a loop. */
const mayRetry = (desk: Desk, name: string): boolean => {
  const lastCaller = desk.happenings.findLastIndex((happening) => happening.kind === 'caller');
  return !desk.happenings
    .slice(lastCaller)
    .some((happening) => happening.kind === 'tool' && happening.name === name);
};

function chooseAppointment(desk: Desk, listed: ToolHappening): Turn {
  const appointments = list(listed.data['appointments']);
  if (appointments.length === 0) return say('I do not see any upcoming appointment. Is there anything else?');
  const lines = appointments.map(
    (one) =>
      `${String(one['first_name'])} on ${String(one['day'])} at ${String(one['time'])}, ${String(one['location'])}`,
  );
  if (desk.intent === 'list') return say(`There is ${lines.join('; and ')}. Is there anything else?`);
  const chosen = appointmentInQuestion(desk);
  if (!chosen) return say(`I see ${lines.join('; and ')}. Which one do you mean?`);
  if (desk.intent === 'cancel') {
    return call('cancel', {
      appointment: chosen['appointment'],
      reason: 'the caller asked for it',
      caller_said: desk.fresh.join(' '),
    });
  }
  return search(desk);
}

/** The appointment that the caller means: the only one, or the one whose name or time they said. */
function appointmentInQuestion(desk: Desk): Record<string, unknown> | undefined {
  const appointments = list(lastOk(desk, 'list_my_appointments')?.data['appointments']);
  if (appointments.length === 1) return appointments[0];
  const since = desk.happenings.findLastIndex(
    (happening) => happening.kind === 'tool' && happening.name === 'list_my_appointments',
  );
  const words = desk.happenings
    .slice(Math.min(since, desk.happenings.length))
    .flatMap((happening) => (happening.kind === 'caller' ? [happening.text] : []))
    .join(' ')
    .toLowerCase();
  const named = (source: string): Record<string, unknown> | undefined =>
    appointments.find((one) => source.includes(String(one['first_name']).toLowerCase())) ??
    appointments.find((one) => source.includes(String(one['time']).toLowerCase()));
  return (
    named(words) ?? named((desk.texts.findLast((text) => intentOf(text) === desk.intent) ?? '').toLowerCase())
  );
}

function sayAppointment(desk: Desk, ref: string): string {
  const one = list(lastOk(desk, 'list_my_appointments')?.data['appointments']).find(
    (listed) => listed['appointment'] === ref,
  );
  return one
    ? `${String(one['first_name'])}'s visit on ${String(one['day'])} at ${String(one['time'])}`
    : 'that visit';
}

const practiceFacts = (practice: Practice): Turn =>
  say(
    `${practice.locations.map(({ name, address }) => `${name}: ${address}`).join('. ')}. How else can I help?`,
  );
