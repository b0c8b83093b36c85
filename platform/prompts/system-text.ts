import { hoursInWords } from '../../domain/agent/practice-facts.js';
import type { PracticeLocation, Tenant, VisitType } from '../../domain/tenant.js';

/**
 * What the agent always knows of its practice, as the part of the system text below the tenant's own words. It changes only with
 * `tenant.json`: no clock, no caller, no identifiers of the practice system (claude.md 1.5; DESIGN, rule 7).
 */
export function practiceText(tenant: Tenant): string {
  return [
    '# The practice',
    '',
    `- Name: ${tenant.practiceName}`,
    `- Phone: ${tenant.phone}`,
    `- Languages: ${tenant.languages.map((language) => languageNames[language]).join(', ')}`,
    `- Bookings: from ${tenant.booking.minLeadMinutes} minutes to ${tenant.booking.maxAheadDays} days ahead`,
    '',
    '## Offices',
    '',
    ...tenant.locations.map(locationLine),
    '',
    '## Kinds of visit',
    '',
    ...tenant.visitTypes.map(visitTypeLine),
    '',
  ].join('\n');
}

const languageNames = { en: 'English', es: 'Spanish' } as const;

const locationLine = (location: PracticeLocation): string =>
  `- ${location.key}: ${location.name}, ${location.address}, time zone ${location.timeZone}. ${hoursInWords(location, 'en')}`;

const visitTypeLine = (visit: VisitType): string =>
  `- ${visit.key}: ${visit.name}, ${visit.minutes} minutes${ageWords(visit.minAgeYears, visit.maxAgeYears)}`;

function ageWords(least: number | null, most: number | null): string {
  if (least === null && most === null) return '';
  if (most === null) return `, from the age of ${least}`;
  return least === null ? `, up to the age of ${most}` : `, ages ${least} to ${most}`;
}
