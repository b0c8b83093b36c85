import type { PracticeTopic } from '../../../domain/agent/tools.js';
import { usedNow, type Desk } from './desk.js';
import { says } from './intents.js';
import { words } from './words.js';

const topics: readonly (readonly [PracticeTopic, RegExp])[] = [
  [
    'hours',
    words(
      'hours|open|opening|close|closing',
      'horarios? (?:de atenci[oó]n|tienen|es)|su horario|abren|abierto|abiertos|cierran|atienden',
    ),
  ],
  [
    'address',
    words(
      'address|where are you|where is|located|directions|location of',
      'direcci[oó]n|d[oó]nde (?:est[aá]n?|queda|quedan)|ubicad[oa]s?|c[oó]mo llego',
    ),
  ],
  [
    'phone',
    words(
      'your (?:phone )?number|phone number of|call you',
      'su (?:n[uú]mero|tel[eé]fono)|n[uú]mero de tel[eé]fono de ustedes',
    ),
  ],
];

/** What the caller asks about the practice and no tool was asked for yet in this turn. */
export function openTopic(desk: Desk): PracticeTopic | null {
  const asked = usedNow(desk).flatMap(({ name, input }) =>
    name === 'practice_info' ? [input['topic']] : [],
  );
  return topics.find(([topic, pattern]) => pattern.test(desk.fresh) && !asked.includes(topic))?.[0] ?? null;
}

/** Answers to what the caller asks about the practice, as the tool gave them; empty when nothing is asked. */
export function practiceAnswers(desk: Desk): string {
  const lines = usedNow(desk)
    .filter(({ name, ok }) => name === 'practice_info' && ok)
    .flatMap(({ data }) => (Array.isArray(data['answers']) ? data['answers'].map(String) : []))
    .map((line) => shorterHours(desk, line));
  return [...lines, ...(says('price', desk.fresh) ? [desk.t.noPrices] : [])].join(' ');
}

const hoursLine = /^(?:(?<office>.+?) opening hours|Horario de (?<sede>.+?)): (?<days>.+)\.$/;

/** Days with the same hours are told together. */
function shorterHours({ t }: Desk, line: string): string {
  const { office, sede, days = '' } = hoursLine.exec(line)?.groups ?? {};
  const name = office ?? sede;
  if (name === undefined) return line;
  const groups: { first: string; last: string; times: string }[] = [];
  for (const part of days.split(', ')) {
    const [day = '', ...rest] = part.split(' ');
    const times = rest.join(' ');
    const group = groups.at(-1);
    if (group?.times === times) group.last = day;
    else groups.push({ first: day, last: day, times });
  }
  const open = groups.filter(({ times }) => times !== 'closed' && times !== 'cerrado');
  return open.length === 0 ? line : t.hours(name, open);
}
