/** One line of what was done in words. */
export type SpokenLine = SpokenVisit | SpokenDeed;

interface SpokenVisit {
  readonly kind: 'booked' | 'moved' | 'cancelled' | 'confirmed';
  readonly firstName: string;
  readonly day: string;
  readonly time: string;
  readonly location: string;
}

/** Something that was done and has no day or time. */
interface SpokenDeed {
  readonly kind: 'waitlisted' | 'noted';
  readonly firstName: string;
}

/** A start that the caller is asked to agree to. */
interface AskedVisit {
  readonly firstName: string;
  readonly day: string;
  readonly time: string;
  readonly location: string;
  /** The office keeps another time than the practice, so whose nine o'clock it is must be said. */
  readonly otherZone: boolean;
}

type SpokenKey =
  | 'done'
  | 'ledgerSummary'
  | 'modelAway'
  | 'budgetReached'
  | 'closedIdle'
  | 'emptyAnswer'
  | 'beingChecked'
  | 'turnFailed'
  | 'readBack'
  | 'handedOff'
  | 'handedOffStaff'
  | 'callbackPromised'
  | 'backFromStaff'
  | 'emergency'
  | 'abuseWarning'
  | 'abuseClosed'
  | 'stillThere'
  | 'nudge'
  | 'hangUp';

/** What a sentence needs to know; most need nothing. */
type Params<K extends SpokenKey> = K extends 'done' | 'ledgerSummary'
  ? { readonly lines: readonly SpokenLine[] }
  : K extends 'readBack'
    ? { readonly action: 'take' | 'cancel'; readonly visits: readonly AskedVisit[] }
    : Readonly<Record<string, never>>;

type Texts = { readonly [K in SpokenKey]: (params: Params<K>) => string };

const isDeed = (line: SpokenLine): line is SpokenDeed => line.kind === 'waitlisted' || line.kind === 'noted';

/** An appointment may be known without its patient's name. */
const nameOf = ({ firstName }: { readonly firstName: string }): string =>
  firstName === '' ? '' : `${firstName}, `;

const questions = {
  en: {
    take: 'Shall I go ahead with this? Please say yes or no.',
    cancel: 'Shall I cancel this visit? Please say yes or no.',
  },
  es: {
    take: '¿Está bien así? Por favor, diga sí o no.',
    cancel: '¿Cancelo esta cita? Por favor, diga sí o no.',
  },
} as const;

const deedInEnglish = { waitlisted: 'on the waiting list', noted: 'insurance noted' } as const;
const deedInSpanish = { waitlisted: 'en la lista de espera', noted: 'seguro anotado' } as const;

const english: Texts = {
  ledgerSummary: ({ lines }) =>
    lines.length === 0
      ? 'Let me be clear: nothing has been booked or changed yet. How would you like to go on?'
      : `${english.done({ lines })} What else can I do?`,
  done: ({ lines }) =>
    `This is what is done: ${lines
      .map((line) =>
        isDeed(line)
          ? `${nameOf(line)}${deedInEnglish[line.kind]}`
          : `${nameOf(line)}${line.day} at ${line.time}, ${line.location}: ${line.kind}`,
      )
      .join('; ')}.`,
  modelAway: () =>
    'I am sorry, I cannot go on at the moment. I have left a note for our team, and a colleague will get back to you.',
  budgetReached: () =>
    'A colleague can help you better from here. I have left them a note, and they will get back to you.',
  closedIdle: () =>
    'I have not heard from you for a while, so I am closing our conversation. Please write again any time.',
  emptyAnswer: () => 'Sorry, could you say that once more?',
  beingChecked: () =>
    'This is still being confirmed with the practice, so please do not count on it yet. A colleague will get back to you.',
  turnFailed: () =>
    'I am sorry, I could not finish that. I have left a note for our team, and a colleague will get back to you.',
  readBack: ({ action, visits }) =>
    `To be sure: ${visits
      .map(
        (visit) =>
          `${nameOf(visit)}${visit.day} at ${visit.time}${visit.otherZone ? ' local time' : ''}, ${visit.location}`,
      )
      .join('; ')}. ${questions.en[action]}`,
  handedOff: () => 'I have passed your message on to a colleague, who will answer you here.',
  handedOffStaff: () => 'A colleague is taking over from here and will answer you in a moment.',
  callbackPromised: () =>
    'I have not reached a colleague so far. I have left them a note to call you back. I can go on helping you here meanwhile.',
  backFromStaff: () => 'I am the automatic assistant again. Is there anything else that I can do?',
  emergency: () =>
    'This may be an emergency, and I cannot give medical advice. If anybody is in danger, has trouble breathing or bleeds heavily, please call 911 now. I have alerted our team, and a colleague will get back to you as soon as possible.',
  abuseWarning: () => 'I would like to help you, but please let us stay polite. What can I do for you?',
  abuseClosed: () =>
    'I am ending this conversation here. You are welcome to contact the practice again another time.',
  stillThere: () => 'Are you still there?',
  nudge: () => 'Are you still there? I can go on whenever you like.',
  hangUp: () => 'I cannot hear you, so I am hanging up now. Please call again any time. Goodbye!',
};

const kindInSpanish = {
  booked: 'reservada',
  moved: 'cambiada',
  cancelled: 'cancelada',
  confirmed: 'confirmada',
} as const;

const spanish: Texts = {
  ledgerSummary: ({ lines }) =>
    lines.length === 0
      ? 'Quiero ser claro: todavía no hay nada reservado ni cambiado. ¿Cómo seguimos?'
      : `${spanish.done({ lines })} ¿En qué más puedo ayudar?`,
  done: ({ lines }) =>
    `Esto es lo que está hecho: ${lines
      .map((line) =>
        isDeed(line)
          ? `${nameOf(line)}${deedInSpanish[line.kind]}`
          : `${nameOf(line)}${line.day} a las ${line.time}, ${line.location}: cita ${kindInSpanish[line.kind]}`,
      )
      .join('; ')}.`,
  modelAway: () =>
    'Lo siento, en este momento no puedo continuar. Dejé una nota para nuestro equipo y un colega se comunicará con usted.',
  budgetReached: () => 'Un colega puede ayudarle mejor. Le dejé una nota y se comunicará con usted.',
  closedIdle: () =>
    'No he tenido noticias suyas, así que cierro nuestra conversación. Escríbanos de nuevo cuando quiera.',
  emptyAnswer: () => 'Perdón, ¿puede decirlo otra vez?',
  beingChecked: () =>
    'El consultorio todavía lo está confirmando, así que aún no cuente con ello. Un colega se comunicará con usted.',
  turnFailed: () =>
    'Lo siento, no pude terminar. Dejé una nota para nuestro equipo y un colega se comunicará con usted.',
  readBack: ({ action, visits }) =>
    `Para confirmar: ${visits
      .map(
        (visit) =>
          `${nameOf(visit)}${visit.day} a las ${visit.time}${visit.otherZone ? ' hora local' : ''}, ${visit.location}`,
      )
      .join('; ')}. ${questions.es[action]}`,
  handedOff: () => 'Le pasé su mensaje a un colega, que le responderá aquí.',
  handedOffStaff: () => 'Un colega sigue con usted a partir de ahora y le responderá en un momento.',
  callbackPromised: () =>
    'Todavía no pude comunicarme con un colega. Le dejé una nota para que le llame. Mientras tanto puedo seguir ayudándole aquí.',
  backFromStaff: () => 'Soy otra vez el asistente automático. ¿Puedo ayudarle en algo más?',
  emergency: () =>
    'Esto puede ser una emergencia y no puedo dar consejos médicos. Si alguien está en peligro, no puede respirar bien o sangra mucho, llame ahora al 911. Avisé a nuestro equipo y un colega se comunicará con usted lo antes posible.',
  abuseWarning: () => 'Quiero ayudarle, pero por favor mantengamos el respeto. ¿Qué puedo hacer por usted?',
  abuseClosed: () => 'Termino aquí esta conversación. Puede comunicarse con el consultorio en otro momento.',
  stillThere: () => '¿Sigue ahí?',
  nudge: () => '¿Sigue ahí? Puedo continuar cuando usted quiera.',
  hangUp: () => 'No le escucho, así que voy a colgar. Llámenos de nuevo cuando quiera. ¡Hasta luego!',
};

/** Sentences that code speaks when the model may not: true by construction, in the conversation's language. */
export const spoken = <K extends SpokenKey>(language: 'en' | 'es', key: K, params: Params<K>): string => {
  const texts: Texts = language === 'en' ? english : spanish;
  return texts[key](params);
};
