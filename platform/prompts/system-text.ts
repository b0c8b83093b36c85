import { hoursInWords } from '../../domain/agent/practice-facts.js';
import type { Language, PracticeLocation, Tenant, VisitType } from '../../domain/tenant.js';

/**
 * What the agent always knows of its practice, as the part of the system text below the tenant's own words. It changes only with
 * `tenant.json`: no clock, no caller, no identifiers of the practice system (claude.md 1.5; DESIGN, rule 7).
 */
export function practiceText(tenant: Tenant, language: Language): string {
  const say = words[language];
  return [
    `# ${say.practice}`,
    '',
    `- ${say.name}: ${tenant.practiceName}`,
    `- ${say.phone}: ${tenant.phone}`,
    `- ${say.languages}: ${tenant.languages.map((spoken) => say.languageNames[spoken]).join(', ')}`,
    `- ${say.bookings(tenant.booking.minLeadMinutes, tenant.booking.maxAheadDays)}`,
    '',
    `## ${say.offices}`,
    '',
    ...tenant.locations.map((location) => locationLine(location, language)),
    '',
    `## ${say.visits}`,
    '',
    ...tenant.visitTypes.map((visit) => visitTypeLine(visit, language)),
    '',
  ].join('\n');
}

const words = {
  en: {
    practice: 'The practice',
    name: 'Name',
    phone: 'Phone',
    languages: 'Languages',
    languageNames: { en: 'English', es: 'Spanish' },
    bookings: (minutes: number, days: number) => `Bookings: from ${minutes} minutes to ${days} days ahead`,
    offices: 'Offices',
    zone: 'time zone',
    visits: 'Kinds of visit',
    minutes: 'minutes',
    from: (least: number) => `, from the age of ${least}`,
    upTo: (most: number) => `, up to the age of ${most}`,
    between: (least: number, most: number) => `, ages ${least} to ${most}`,
  },
  es: {
    practice: 'El consultorio',
    name: 'Nombre',
    phone: 'Teléfono',
    languages: 'Idiomas',
    languageNames: { en: 'inglés', es: 'español' },
    bookings: (minutes: number, days: number) =>
      `Reservas: con ${minutes} minutos a ${days} días de anticipación`,
    offices: 'Sedes',
    zone: 'zona horaria',
    visits: 'Tipos de visita',
    minutes: 'minutos',
    from: (least: number) => `, a partir de los ${least} años`,
    upTo: (most: number) => `, hasta los ${most} años`,
    between: (least: number, most: number) => `, de ${least} a ${most} años`,
  },
} as const;

const locationLine = (location: PracticeLocation, language: Language): string =>
  `- ${location.key}: ${location.name}, ${location.address}, ${words[language].zone} ${location.timeZone}. ${hoursInWords(location, language)}`;

const visitTypeLine = (visit: VisitType, language: Language): string =>
  `- ${visit.key}: ${visit.name}, ${visit.minutes} ${words[language].minutes}${ageWords(visit.minAgeYears, visit.maxAgeYears, language)}`;

function ageWords(least: number | null, most: number | null, language: Language): string {
  if (least === null && most === null) return '';
  const say = words[language];
  if (most === null) return say.from(least ?? 0);
  return least === null ? say.upTo(most) : say.between(least, most);
}
