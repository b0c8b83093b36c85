import { monthName, type PracticeDate } from '../../time/practice-time.js';
import type { FormQuestion } from './booking-form.js';

type Language = 'en' | 'es';

/** One of several times, as it is offered. */
export interface SpokenOffer {
  readonly visits: readonly {
    readonly firstName: string;
    readonly day: string;
    readonly time: string;
    /** The office keeps another time than the practice. */
    readonly otherZone: boolean;
  }[];
  readonly location: string;
}

/** What the next question names. */
export interface QuestionFacts {
  readonly firstNames: readonly string[];
  readonly draft: {
    readonly firstName: string;
    readonly lastName: string;
    readonly birthDate: PracticeDate | null;
  } | null;
  readonly visitTypes: readonly string[];
  readonly offices: readonly string[];
  readonly offers: readonly SpokenOffer[];
}

/** `March 4, 2015` or `4 de marzo de 2015`: a birth date in words, so that month and day cannot be taken for each other. */
function formatBirthDate(date: PracticeDate, language: Language): string {
  const month = monthName(Number(date.slice(5, 7)), language);
  const day = Number(date.slice(8, 10));
  const year = date.slice(0, 4);
  return language === 'en' ? `${month} ${day}, ${year}` : `${day} de ${month} de ${year}`;
}

/** Numbered as a caller reads or hears them; a line each, since "1." would end a sentence. */
const numbered = (options: readonly string[]): string =>
  options.map((option, index) => `\n${index + 1}) ${option}`).join('');

const and = { en: ' and ', es: ' y ' } as const;

const listed = (names: readonly string[], language: Language): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')}${and[language]}${names.at(-1) ?? ''}`;

const at = { en: 'at', es: 'a las' } as const;
const local = { en: ' local time', es: ' hora local' } as const;

/** One person needs no name; siblings of one day are named with their times. */
function offerWords({ visits, location }: SpokenOffer, language: Language): string {
  const times = visits.map(({ firstName, time, otherZone }) => {
    const clock = `${at[language]} ${time}${otherZone ? local[language] : ''}`;
    return visits.length === 1 ? clock : `${firstName} ${clock}`;
  });
  return `${visits[0]?.day ?? ''}${visits.length === 1 ? ' ' : ', '}${times.join(', ')}, ${location}`;
}

type Texts = {
  readonly [Question in Exclude<FormQuestion, 'consent'>]: (facts: QuestionFacts) => string;
};

const english: Texts = {
  known: ({ firstNames }) => `Is the visit for ${listed(firstNames, 'en')}? Please say yes or no.`,
  kind: () =>
    `Who is the visit for? Please say the number.${numbered(['Somebody new to our practice', 'A patient who has been here before'])}`,
  name: () => 'What are the first and the last name of the patient?',
  lastName: () => 'And the last name only, please?',
  birthDate: () => 'What is the birth date? Please give month, day and year, for example June 24 2013.',
  details: ({ draft }) =>
    `I have ${draft?.firstName ?? ''} ${draft?.lastName ?? ''}, born ${formatBirthDate(draft?.birthDate ?? '', 'en')}. Is that right? Please say yes or no.`,
  phone: () => 'What is your phone number, with all ten digits?',
  secondFactor: () => 'To find the record: what is the phone number or the postal code that we have on file?',
  another: () => 'Is there anybody else to be seen at the same visit? Please say yes or no.',
  visitType: ({ visitTypes }) => `What kind of visit? Please say the number.${numbered(visitTypes)}`,
  office: ({ offices }) => `At which office? Please say the number.${numbered(offices)}`,
  offer: ({ offers }) =>
    `These times are free:${numbered(offers.map((offer) => offerWords(offer, 'en')))}\nPlease say the number, or "more" for later ones.`,
};

const spanish: Texts = {
  known: ({ firstNames }) => `¿La cita es para ${listed(firstNames, 'es')}? Por favor, diga sí o no.`,
  kind: () =>
    `¿Para quién es la cita? Por favor, diga el número.${numbered(['Una persona nueva en el consultorio', 'Un paciente que ya ha venido antes'])}`,
  name: () => '¿Cuáles son el nombre y el apellido del paciente?',
  lastName: () => '¿Y solo los apellidos, por favor?',
  birthDate: () =>
    '¿Cuál es la fecha de nacimiento? Por favor, diga día, mes y año, por ejemplo 24 de junio de 2013.',
  details: ({ draft }) =>
    `Tengo: ${draft?.firstName ?? ''} ${draft?.lastName ?? ''}, fecha de nacimiento ${formatBirthDate(draft?.birthDate ?? '', 'es')}. ¿Es correcto? Por favor, diga sí o no.`,
  phone: () => '¿Cuál es su número de teléfono, con sus diez cifras?',
  secondFactor: () => 'Para encontrar el expediente: ¿qué teléfono o código postal tenemos registrado?',
  another: () => '¿Hay alguien más para la misma cita? Por favor, diga sí o no.',
  visitType: ({ visitTypes }) => `¿Qué tipo de cita? Por favor, diga el número.${numbered(visitTypes)}`,
  office: ({ offices }) => `¿En qué consultorio? Por favor, diga el número.${numbered(offices)}`,
  offer: ({ offers }) =>
    `Estas horas están libres:${numbered(offers.map((offer) => offerWords(offer, 'es')))}\nPor favor, diga el número, o "más" para ver otras.`,
};

/** The question in words. A held place is read back by the same words as everywhere, so `consent` is not here. */
export const questionWords = (
  question: Exclude<FormQuestion, 'consent'>,
  facts: QuestionFacts,
  language: Language,
): string => (language === 'en' ? english : spanish)[question](facts);

/** What is said before a question, or instead of one. */
export type FormRemark =
  | 'opening'
  | 'misheard'
  | 'notFound'
  | 'noOthers'
  | 'slotTaken'
  | 'holdExpired'
  | 'givenBack'
  | 'wrongAge'
  | 'bookedAlready'
  | 'slow'
  | 'callback'
  | 'left'
  | 'goodbye';

const remarks: Readonly<Record<Language, Readonly<Record<FormRemark, string>>>> = {
  en: {
    opening:
      'I am sorry, I cannot answer freely at the moment, but I can take down a new visit with you step by step. For anything else, or at any time, say "person".',
    misheard: 'Sorry, I did not understand that.',
    notFound: 'I could not find a record that matches all of these details. Let us try once more.',
    noOthers: 'I found no later times.',
    slotTaken: 'I am sorry, somebody else has just taken that time.',
    holdExpired: 'That took a little long, and the time is no longer kept for you.',
    givenBack: 'All right, I have let that time go.',
    wrongAge: 'This kind of visit is not for that age.',
    bookedAlready: 'There is such a visit already.',
    slow: 'I cannot reach the schedule at the moment.',
    callback: 'I have left a note for our team, and a colleague will get back to you.',
    left: 'All right, I have stopped here. How can I help you otherwise?',
    goodbye: 'Thank you, and goodbye.',
  },
  es: {
    opening:
      'Lo siento, en este momento no puedo conversar libremente, pero puedo tomar los datos de una cita nueva paso a paso. Para cualquier otra cosa, o en cualquier momento, diga "persona".',
    misheard: 'Perdón, no lo entendí.',
    notFound: 'No encontré un expediente que coincida con todos estos datos. Probemos una vez más.',
    noOthers: 'No encontré horas más tarde.',
    slotTaken: 'Lo siento, otra persona acaba de tomar esa hora.',
    holdExpired: 'Pasó un poco de tiempo y esa hora quedó libre otra vez.',
    givenBack: 'De acuerdo, dejé libre esa hora.',
    wrongAge: 'Este tipo de cita no es para esa edad.',
    bookedAlready: 'Ya existe una cita de ese tipo.',
    slow: 'En este momento no puedo consultar la agenda.',
    callback: 'Dejé una nota para nuestro equipo y un colega se comunicará con usted.',
    left: 'De acuerdo, lo dejo aquí. ¿En qué más puedo ayudar?',
    goodbye: 'Gracias, y hasta luego.',
  },
};

export const remarkWords = (remark: FormRemark, language: Language): string => remarks[language][remark];

/** Names those of an order who got no visit; a task for them is open. */
export const notBookedWords = (firstNames: readonly string[], language: Language): string =>
  language === 'en'
    ? `Not booked: ${listed(firstNames, 'en')}. Our team has a note about it.`
    : `Sin reservar: ${listed(firstNames, 'es')}. Nuestro equipo tiene una nota.`;
