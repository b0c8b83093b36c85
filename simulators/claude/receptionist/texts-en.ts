import type { Texts } from './texts.js';

const joined = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

const asksNames = 'first and last name';
const asksConsent = 'Please say yes or no.';
const are = (names: readonly string[]): string => (names.length > 1 ? 'are' : 'is');

export const english: Texts = {
  hello: (practice) => `Hello, this is ${practice}. How can I help you today?`,
  howCanIHelp: 'How can I help?',
  howElse: 'How else can I help?',
  whichBusiness: 'I can book, move or cancel a visit for you. Which of these would you like?',
  allRight: 'All right.',
  welcome: 'You are welcome.',
  goodbye: 'Thank you, and have a nice day!',
  nothingChanged: 'All right, nothing is changed. How else can I help?',
  sorry: 'Sorry, I did not understand that.',
  stillLost: 'I am sorry, I still do not understand.',
  offersPerson: 'Would you like me to connect you with a colleague?',
  asksMore: 'Is there anything else?',
  asksConsent,
  toBeSure: 'To be sure:',

  asksFirstVisit: 'Would this be the first visit with us?',
  asksNames,
  asksNewPeople: `Please tell me ${asksNames} and birth date of everybody who is coming, and a phone number.`,
  asksKnownPatient: `Please tell me ${asksNames} and birth date of the patient, and the phone number or postal code on file.`,
  lastNameOf: (firstName) => `What is ${firstName}'s last name?`,
  birthDateOf: (firstName) => `What is ${firstName}'s birth date, with the year?`,
  birthDatesOf: (names) => `What are the birth dates of ${joined(names)}, with the years?`,
  asksPhone: 'And which phone number may we use?',
  asksFactor: 'Thank you. And the phone number or postal code that we have on file?',
  notFoundAgain: 'I still cannot find a record with these details.',

  asksOffice: (names) =>
    `Which office would you like to come to: ${names.join(' or ')}? If a day or a time of day suits you best, tell me that too.`,
  nothingThen:
    'Nothing is free then. Which other day, or which other office, would work for you? I can also put you on the waiting list.',
  nothingOnDays: 'Nothing is free on the days that you named.',
  nothingAtHour: 'Nothing is free at exactly that hour.',
  offerOne: (option) => `I have ${option}. Does that suit you?`,
  offerSome: (options) =>
    `I have these times: ${options.map((one, index) => `${['first', 'second', 'third'][index] ?? ''}, ${one}`).join('; ')}. Which one suits you?`,
  suitsYou: /suits? you/,
  whichSuits: 'Which of these times suits you? You can also name another day.',
  whichOther: 'Which other day or time of day would you prefer?',
  option: (day, times, isSideBySide, location) =>
    `${day} at ${times.join(' and ')}${isSideBySide ? ', side by side' : ''}, ${location}`,
  visit: ({ firstName, day, time, location }) => `${firstName} on ${day} at ${time}, ${location}`,
  visits: (visits) => visits.join('; and '),
  holding: (visits, action) =>
    `I am holding ${visits}. Shall I ${action === 'move' ? 'move the visit to this time' : 'book this'}? ${asksConsent}`,
  notBooked:
    'All right, I do not book it. Which other day or time would suit you, or can I do something else?',

  done: ({ firstName, day, time, location }, kind) =>
    `${firstName} is ${kind === 'moved' ? 'moved to' : 'booked for'} ${day} at ${time}, ${location}.`,
  hasNoVisit: (firstName) => `${firstName} does not have a visit yet.`,
  oldOneLater: 'A colleague will take care of the old appointment.',
  cancelled: 'It is cancelled.',
  wasCancelled: 'That appointment stands no more.',
  beingChecked: 'This is still being confirmed with the practice. A colleague will call you back.',
  confirmed: (visit) => `The visit of ${visit} is confirmed.`,
  waitlisted: (names) =>
    `${joined(names)} ${are(names)} on the waiting list. Our team calls you when a place becomes free.`,
  noted: (names) => `I have noted the insurance of ${joined(names)}.`,
  handedOff: 'I have passed this on to our team. A colleague will get back to you.',
  callEmergency: 'If this is an emergency, please call 911 now.',

  noAppointment: 'I do not see any upcoming appointment.',
  sees: (visits) => `I see ${visits}.`,
  whichOne: 'Which one do you mean?',
  asksToCancel: (visit) =>
    `Shall I really cancel ${visit === null ? 'that visit' : `the visit of ${visit}`}? ${asksConsent}`,
  asksToCome: (visit) =>
    `Shall I tell the practice that you are coming${visit === null ? '' : `: ${visit}`}? ${asksConsent}`,
  leftAsItIs: 'All right, I leave it as it is.',
  nextMove: (visit) => `Now the other one: ${visit}.`,

  asksInsurer: 'Which insurance is it, and what is the member number?',
  noPrices: 'I cannot say anything about prices or what insurance covers; our team can.',
  hours: (office, groups) =>
    `Opening hours of ${office}: ${groups.map(({ first, last, times }) => `${first === last ? first : `${first} to ${last}`} ${times}`).join(', ')}.`,
  hint: (_, hint) => (hint === '' ? 'That did not work.' : hint),
};
