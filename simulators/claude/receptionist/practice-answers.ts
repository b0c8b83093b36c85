import type { Practice } from '../conversation-reading.js';
import type { Desk } from './desk.js';

/** Answers to what the caller asks about the practice, from what the prompt says of it; empty when nothing is asked. */
export function practiceAnswers({ fresh, practice }: Desk): string {
  const asks = (pattern: RegExp): boolean => pattern.test(fresh);
  const lines = [
    ...(asks(/\b(?:hours|open|opening|close|closing)\b/i) ? practice.locations.flatMap(hoursLine) : []),
    ...(asks(/\b(?:address|where are you|where is|located|directions|location of)\b/i)
      ? practice.locations.map(({ name, address }) => `${name} is at ${address}.`)
      : []),
    ...(asks(/\b(?:your (?:phone )?number|phone number of|call you)\b/i)
      ? [`Our phone number is ${practice.phone}.`]
      : []),
    ...(asks(/\bhow (?:much|expensive)\b|\b(?:cost|costs|price|prices|insurance)\b/i)
      ? ['I cannot say anything about prices or insurance; our team can.']
      : []),
  ];
  return lines.join(' ');
}

function hoursLine({ name, hours }: Practice['locations'][number]): string[] {
  if (hours === '') return [];
  const groups: { first: string; last: string; times: string }[] = [];
  for (const part of hours.split(', ')) {
    const [day = '', ...rest] = part.split(' ');
    const times = rest.join(' ');
    const group = groups.at(-1);
    if (group?.times === times) group.last = day;
    else groups.push({ first: day, last: day, times });
  }
  const open = groups
    .filter(({ times }) => times !== 'closed')
    .map(({ first, last, times }) => `${first === last ? first : `${first} to ${last}`} ${times}`);
  return open.length === 0 ? [] : [`Opening hours of ${name}: ${open.join(', ')}.`];
}
