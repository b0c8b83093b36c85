import { readConversation, type Happening, type Practice } from '../conversation-reading.js';
import type { MessagesRequest } from '../messages.js';
import { businessOf, says, type Business } from './intents.js';
import type { Language } from '../../../domain/tenant.js';
import { formatDay } from '../../../domain/time/practice-time.js';
import { holds, languageOf, textsOf } from './languages.js';
import type { SaidVisit, Texts } from './texts.js';
import { peopleIn, type Answered, type NamedPerson } from './people-in-words.js';
import { wishOf, type Wish } from './wish.js';

export type ToolHappening = Extract<Happening, { kind: 'tool' }>;
export type Row = Readonly<Record<string, unknown>>;

/** The desk as it stands: everything that the receptionist decides by, read from the request anew each time. */
export interface Desk {
  readonly language: Language;
  /** What is said, in the language of the conversation. */
  readonly t: Texts;
  readonly practice: Practice;
  readonly happenings: readonly Happening[];
  readonly tools: readonly ToolHappening[];
  /** What the caller said, all of it, since the last order was settled, and since the agent last spoke. */
  readonly texts: readonly string[];
  readonly recent: readonly string[];
  readonly fresh: string;
  readonly freshTexts: readonly string[];
  /** What the caller wants now; null while they have not said. */
  readonly business: Business | null;
  readonly people: readonly NamedPerson[];
  readonly wish: Wish;
  readonly isNew: boolean | null;
  /** What the agent said last, and the happening that is last. */
  readonly said: string;
  readonly last: Happening | undefined;
  /** Index of the last settled order; -1 when there is none. */
  readonly settled: number;
}

const settling = [
  'confirm_booking',
  'reschedule',
  'cancel',
  'confirm_attendance',
  'join_waitlist',
  'save_insurance',
];
const callerTexts = (happenings: readonly Happening[]): string[] =>
  happenings.flatMap((one) => (one.kind === 'caller' ? [one.text] : []));

export function readDesk(request: MessagesRequest): Desk {
  const { happenings, practice } = readConversation(request);
  const tools = happenings.filter((one) => one.kind === 'tool');
  const settled = happenings.findLastIndex(
    (one) => one.kind === 'tool' && one.ok && settling.includes(one.name),
  );
  const lastAgent = happenings.findLastIndex((one) => one.kind === 'agent');
  // What led to the order belongs to it; what was said in its turn or later begins anew.
  const texts = callerTexts(happenings);
  const recent = callerTexts(happenings.slice(settled + 1));
  const freshTexts = callerTexts(happenings.slice(lastAgent + 1));
  const answers = answersIn(happenings);
  const language = languageOf(practice.language, texts);
  const isOffered = happenings
    .slice(settled + 1)
    .some((one) => one.kind === 'tool' && one.ok && one.name === 'find_slots');
  return {
    language,
    t: textsOf(language),
    practice,
    happenings,
    tools,
    texts,
    recent,
    fresh: freshTexts.join(' '),
    freshTexts,
    business: businessOf(recent, isOffered),
    people: peopleIn(answers, practice.today),
    wish: wishOf(recent, practice),
    isNew: newness(answers),
    said: happenings.findLast((one) => one.kind === 'agent')?.text ?? '',
    last: happenings.at(-1),
    settled,
  };
}

function answersIn(happenings: readonly Happening[]): Answered[] {
  let question = '';
  return happenings.flatMap((one) => {
    if (one.kind === 'agent') question = one.text;
    return one.kind === 'caller' ? [{ question, text: one.text }] : [];
  });
}

/** Whether the people are new to the practice; null while nobody said. */
function newness(answers: readonly Answered[]): boolean | null {
  return answers.reduce<boolean | null>((known, { question, text }) => {
    if (says('isNew', text)) return true;
    if (says('isKnown', text)) return false;
    if (!holds(question, 'asksFirstVisit')) return known;
    return says('yes', text) ? true : says('no', text) ? false : known;
  }, null);
}

export const lastOk = (desk: Desk, name: string): ToolHappening | undefined =>
  desk.tools.findLast((tool) => tool.name === name && tool.ok);

export const indexOf = ({ happenings }: Desk, tool: Happening | undefined): number =>
  tool ? happenings.indexOf(tool) : -1;

/** Tools used since the caller last spoke, in their order. */
export const usedNow = ({ happenings }: Desk): readonly ToolHappening[] =>
  happenings
    .slice(happenings.findLastIndex(({ kind }) => kind === 'caller') + 1)
    .filter((one) => one.kind === 'tool');

export const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** A visit of a tool's result, its day in the language that is spoken now. */
export const visitOf = ({ language }: Desk, visit: Row): SaidVisit => ({
  firstName: String(visit['first_name']),
  day: formatDay(String(visit['date']), language),
  time: String(visit['time']),
  location: String(visit['location']),
});

/** `Ann on Tuesday, March 5 at 9:00 AM, Downtown`. */
export const sayVisit = (desk: Desk, visit: Row): string => desk.t.visit(visitOf(desk, visit));

/** References of the people of this business: those whom the caller names since the last order, else all who are known. */
export function patientsOf(desk: Desk): string[] {
  const known = desk.tools.filter(
    (tool) => (tool.name === 'start_new_patient' || tool.name === 'identify_patient') && tool.ok,
  );
  const words = desk.recent.join(' ').toLowerCase();
  const named = known.filter((tool) => words.includes(String(tool.data['first_name']).toLowerCase()));
  return [...new Set((named.length > 0 ? named : known).map((tool) => String(tool.data['patient'])))];
}
