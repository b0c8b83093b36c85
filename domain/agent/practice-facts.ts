import type { BookingPolicy, Language, PracticeLocation, Tenant, VisitType } from '../tenant.js';
import type { PracticeTopic } from './tools.js';
import { addDays, formatTime, weekdayName, type WallClockTime } from '../time/practice-time.js';

/** Limits of one conversation; a breach hands over to a person (claude.md 6; failure-modes.md 28). */
export interface ConversationBudget {
  readonly callerTurns: number;
  readonly modelCalls: number;
  readonly weightedTokens: number;
  readonly costUsd: number;
}

const budget: ConversationBudget = {
  callerTurns: 60,
  modelCalls: 120,
  weightedTokens: 150_000,
  costUsd: 0.75,
};

/** What a conversation knows of its practice, fixed when it begins. Plain JSON without identifiers of the practice system. */
export interface PracticeFacts {
  readonly practiceName: string;
  readonly phone: string;
  readonly timeZone: string;
  readonly languages: readonly Language[];
  readonly locations: readonly Pick<PracticeLocation, 'key' | 'name' | 'address' | 'timeZone' | 'hours'>[];
  readonly visitTypes: readonly Pick<VisitType, 'key' | 'name' | 'minutes' | 'minAgeYears' | 'maxAgeYears'>[];
  readonly booking: BookingPolicy;
  readonly budget: ConversationBudget;
  /** Pause before an unclear write is looked up, and between the look-ups. */
  readonly settleMs: number;
  /** Sentences that the agent may repeat: hours, addresses, phone. The claim check compares times with them. */
  readonly facts: readonly string[];
}

/** The facts of a tenant, in each language that it serves. */
export function practiceFactsOf(tenant: Tenant, settleMs: number): PracticeFacts {
  return {
    practiceName: tenant.practiceName,
    phone: tenant.phone,
    timeZone: tenant.timeZone,
    languages: [...tenant.languages],
    locations: tenant.locations.map(({ key, name, address, timeZone, hours }) => ({
      key,
      name,
      address,
      timeZone,
      hours,
    })),
    visitTypes: tenant.visitTypes.map(({ key, name, minutes, minAgeYears, maxAgeYears }) => ({
      key,
      name,
      minutes,
      minAgeYears,
      maxAgeYears,
    })),
    booking: tenant.booking,
    budget,
    settleMs,
    facts: tenant.languages.flatMap((language) => [
      words[language].phone(tenant.practiceName, tenant.phone),
      ...tenant.locations.flatMap((location) => [
        words[language].address(location.name, location.address),
        hoursInWords(location, language),
      ]),
    ]),
  };
}

const words = {
  en: {
    phone: (practice: string, phone: string) => `${practice}: phone ${phone}.`,
    address: (location: string, address: string) => `${location}: ${address}.`,
    hours: (location: string, days: string) => `${location} opening hours: ${days}.`,
    open: (day: string, from: string, to: string) => `${day} ${from} to ${to}`,
    closed: (day: string) => `${day} closed`,
    visit: (visit: string, minutes: number, least: number | null, most: number | null) =>
      `${visit}: ${minutes} minutes${least === null ? '' : `, from the age of ${least}`}${most === null ? '' : `, up to the age of ${most}`}.`,
    speaks: { en: 'We speak English.', es: 'We speak Spanish.' },
  },
  es: {
    phone: (practice: string, phone: string) => `${practice}: teléfono ${phone}.`,
    address: (location: string, address: string) => `${location}: ${address}.`,
    hours: (location: string, days: string) => `Horario de ${location}: ${days}.`,
    open: (day: string, from: string, to: string) => `${day} de ${from} a ${to}`,
    closed: (day: string) => `${day} cerrado`,
    visit: (visit: string, minutes: number, least: number | null, most: number | null) =>
      `${visit}: ${minutes} minutos${least === null ? '' : `, a partir de los ${least} años`}${most === null ? '' : `, hasta los ${most} años`}.`,
    speaks: { en: 'Hablamos inglés.', es: 'Hablamos español.' },
  },
} as const;

/** Answers about the practice, sentence by sentence; none for what its file does not tell. */
export function practiceAnswers(
  { practiceName, phone, languages, locations, visitTypes }: PracticeFacts,
  topic: PracticeTopic,
  language: Language,
): readonly string[] {
  const say = words[language];
  switch (topic) {
    case 'hours':
      return locations.map((location) => hoursInWords(location, language));
    case 'address':
      return locations.map(({ name, address }) => say.address(name, address));
    case 'phone':
      return [say.phone(practiceName, phone)];
    case 'visit_types':
      return visitTypes.map(({ name, minutes, minAgeYears, maxAgeYears }) =>
        say.visit(name, minutes, minAgeYears, maxAgeYears),
      );
    case 'languages':
      return languages.map((spoken) => say.speaks[spoken]);
    case 'other':
      return [];
  }
}

/** Some Monday: weekday names come from the calendar. */
const monday = '2001-01-01';

/** Opening hours of a location, day by day. */
export function hoursInWords(location: Pick<PracticeLocation, 'name' | 'hours'>, language: Language): string {
  const say = words[language];
  const time = (clock: WallClockTime): string => formatTime(`${monday}T${clock}`);
  const days = [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
    const day = weekdayName(addDays(monday, weekday - 1), language);
    const hours = location.hours[String(weekday)];
    return hours ? say.open(day, time(hours.opens), time(hours.closes)) : say.closed(day);
  });
  return say.hours(location.name, days.join(', '));
}
