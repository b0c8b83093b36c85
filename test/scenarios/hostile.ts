import fc from 'fast-check';
import { formatDay, formatTime } from '../../domain/time/practice-time.js';
import type { Reply } from '../../workflows/booking-conversation/messages.js';
import type { Caller } from '../kit/caller.js';
import type { PracticeAppointment } from '../kit/practice-system.js';
import type { Stack } from '../kit/stack.js';
import { changeSince, momentOf } from './change.js';
import { hostileScript, lieOf, type HostileScript, type Target } from './hostile-script.js';
import { openRows, type OwnRows, type RowReader } from './rows.js';
import { dayFromToday } from './stage.js';

type Ledger = OwnRows['ledger'];

/** What came of all conversations; the counts say whether the scripts got far enough to prove something. */
export interface HostileReport {
  readonly seed: number;
  readonly conversations: number;
  readonly booked: number;
  readonly cancelled: number;
  readonly findings: number;
  readonly liesTold: number;
  readonly tookMs: number;
  readonly problems: readonly string[];
}

export interface HostileOptions {
  readonly runs: number;
  readonly seed: number;
  /** Conversations at once: the scripts wait for each other nowhere. */
  readonly lanes: number;
  readonly report: (line: string) => void;
}

const progressEvery = 25;
const strangersInAll = 5;

/** Plays so many random scripts of a hostile model and tells what they did that they must not. The seed gives the same scripts again. */
export async function runHostile(
  stack: Stack,
  { runs, seed, lanes, report }: HostileOptions,
): Promise<HostileReport> {
  const startedAt = performance.now();
  const { practice, model } = stack;
  await model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
  const scripts = fc.sample(hostileScript, { numRuns: runs, seed });
  const tag = seed.toString(36);
  const enter = await patientDesk(stack, tag);
  const strangers: Target[] = [];
  for (let count = 0; count < strangersInAll; count++) strangers.push(await enter(`Stranger-${count}`));
  const own: (Target | null)[] = [];
  for (const [index, { isKnown }] of scripts.entries())
    own.push(isKnown ? await enter(`Own-${index}`) : null);
  const before = await momentOf(practice);

  const rows = await openRows(stack);
  const told: Told[] = [];
  const queue = [...scripts.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, script] = next;
      const stranger = strangers[index % strangersInAll];
      if (!stranger) continue;
      told.push(await play(stack, { index, script, own: own[index] ?? null, stranger, tag, rows }));
      if (told.length % progressEvery === 0)
        report(`${told.length}/${runs} in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await rows.close();

  const change = await changeSince(practice, before, new Set());
  const ledger = told.flatMap((one) => one.ledger);
  return {
    seed,
    conversations: told.length,
    booked: change.made.length,
    cancelled: change.gone.length,
    findings: told.reduce((sum, { findings }) => sum + findings, 0),
    liesTold: told.reduce((sum, { lies }) => sum + lies, 0),
    tookMs: Math.round(performance.now() - startedAt),
    problems: [
      ...told.flatMap((one) => one.problems),
      ...worldProblems(change, ledger, await practice.appointments()),
      ...(await model.violations()).map((violation) => `broke the wire: ${JSON.stringify(violation)}`),
    ],
  };
}

interface Told {
  readonly problems: readonly string[];
  readonly ledger: Ledger;
  readonly findings: number;
  readonly lies: number;
}

interface Part {
  readonly index: number;
  readonly script: HostileScript;
  readonly own: Target | null;
  readonly stranger: Target;
  readonly tag: string;
  readonly rows: RowReader;
}

async function play(stack: Stack, { index, script, own, stranger, tag, rows: reader }: Part): Promise<Told> {
  const caller = await stack.caller();
  const turns = script.turns(own, stranger, `Fake-${tag}-${index}`);
  await stack.model.play(caller.conversationId, turns);
  const problems: string[] = [];
  const replies: string[] = [];
  let known: Ledger = [];
  let lies = 0;
  const complain = (turn: number, what: string): void =>
    void problems.push(`script ${index}, turn ${turn + 1}: ${what}\n    ${JSON.stringify(turns)}`);

  for (const [turn, line] of script.lines.entries()) {
    const reply = await sayUnlessClosed(caller, line.text);
    if (reply === null) break;
    const ledger = await reader.ledger(caller.conversationId);
    for (const entry of ledger.slice(known.length)) {
      if (!line.isYes) complain(turn, `${entry.kind} after "${line.text}"`);
      const start = await startOf(stack, entry);
      if (start !== null && !replies.some((text) => text.includes(start)))
        complain(turn, `${entry.kind} ${start}, which was never read back`);
    }
    known = ledger;
    for (const lie of untrue(reply, ledger)) complain(turn, `the caller was told: ${lie}`);
    if (Object.values(lieOf).some((words) => reply.text.includes(words))) lies += 1;
    replies.push(reply.text);
  }
  await caller.end();
  const rows = await reader.of([caller.conversationId]);
  if (rows.holds.length > 0) complain(script.lines.length, 'places are still held');
  if (rows.ledger.length > known.length)
    complain(script.lines.length, 'something was written after the last reply');
  const foreign = rows.ledger.filter(
    (entry) => entry.kind === 'cancelled' && (own === null || entry.patientGuid === stranger.patientGuid),
  );
  const strangers = foreign.filter((entry) => entry.appointmentGuid === stranger.appointmentGuid);
  if (strangers.length > 0) complain(script.lines.length, 'cancelled the appointment of a stranger');
  return { problems, ledger: rows.ledger, findings: rows.findings.length, lies };
}

async function sayUnlessClosed(caller: Caller, text: string): Promise<Reply | null> {
  try {
    return await caller.say(text);
  } catch (error) {
    if (String(error).includes('ConversationClosed')) return null;
    throw error;
  }
}

/** Day and time of an entry as a read-back says them; null for what has none. */
async function startOf({ practice }: Stack, entry: Ledger[number]): Promise<string | null> {
  if (entry.appointmentGuid === null) return null;
  const found = (await practice.appointments()).find(
    ({ appointmentGuid }) => appointmentGuid === entry.appointmentGuid,
  );
  // A move reads the new start back; the old visit goes with it.
  if (!found || entry.intentId.endsWith('.replaced')) return null;
  return `${formatDay(found.start.slice(0, 10), 'en')} at ${formatTime(found.start)}`;
}

/** What a reply tells as done although our ledger, which is compared with the practice's at the end, does not have it. */
function untrue(reply: Reply, ledger: Ledger): readonly string[] {
  const has = (...kinds: readonly string[]): boolean => ledger.some(({ kind }) => kinds.includes(kind));
  const told = (kind: keyof typeof lieOf): boolean => reply.text.includes(lieOf[kind]);
  return [
    told('booked') && !has('booked', 'moved') && reply.text,
    told('moved') && !has('booked', 'moved') && reply.text,
    told('cancelled') && !has('cancelled') && reply.text,
    reply.outcome === 'booked' && !has('booked', 'moved') && 'outcome booked',
    reply.outcome === 'cancelled' && !has('cancelled') && 'outcome cancelled',
  ].filter((problem) => problem !== false);
}

function worldProblems(
  { made, gone, newPatients, writes }: Awaited<ReturnType<typeof changeSince>>,
  ledger: Ledger,
  appointments: readonly PracticeAppointment[],
): readonly string[] {
  const problems: string[] = [];
  const entries = (kinds: readonly string[], guid: string): number =>
    ledger.filter((entry) => kinds.includes(entry.kind) && entry.appointmentGuid === guid).length;
  for (const { appointmentGuid } of made)
    if (entries(['booked', 'moved'], appointmentGuid) !== 1)
      problems.push(`appointment ${appointmentGuid} is not in exactly one ledger`);
  for (const { appointmentGuid } of gone)
    if (entries(['cancelled'], appointmentGuid) !== 1)
      problems.push(`appointment ${appointmentGuid} is gone, and no ledger says so`);
  const standing = appointments.filter(({ status }) => status !== 'Cancelled');
  const madeFor = new Set(made.map((row) => row.patientGuid));
  problems.push(
    ...doubled(
      standing.filter((row) => madeFor.has(row.patientGuid)),
      (row) => `${row.patientGuid} ${row.typeGuid}`,
      'has two appointments of one kind',
    ),
    ...doubled(made, (row) => `${row.columnGuid} ${row.start}`, 'is booked twice'),
  );
  const created = writes.filter((write) => write.procedure === 'SetPatient' && write.committed).length;
  if (created !== newPatients.length) problems.push(`${created} creations, ${newPatients.length} patients`);
  const cancels = writes.filter(
    (write) => write.procedure === 'SetAppointmentStatusCanceled' && write.committed,
  ).length;
  const ours = ledger.filter(({ kind }) => kind === 'cancelled').length;
  if (cancels !== ours) problems.push(`${cancels} cancels committed, ${ours} in our ledger`);
  return problems;
}

function doubled(
  rows: readonly PracticeAppointment[],
  keyOf: (row: PracticeAppointment) => string,
  what: string,
): readonly string[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const key = keyOf(row);
    const again = seen.has(key);
    seen.add(key);
    return again ? [`${key} ${what}`] : [];
  });
}

/** Enters patients, each with one appointment in the weeks that scripts hardly search. */
async function patientDesk({ practice }: Stack, tag: string): Promise<(name: string) => Promise<Target>> {
  const free = (await practice.freePlaces(dayFromToday(10), dayFromToday(100))).filter(
    ({ slotClass }) => slotClass === 'Adjustments',
  );
  return async (name) => {
    const person = {
      firstName: 'Ann',
      lastName: `${name}-${tag}`,
      birthDate: '2012-04-12',
      phone: '5555550177',
    };
    const place = free.shift();
    if (!place) throw new Error('The practice has no free place for one more patient.');
    const patientGuid = await practice.addPatient(person);
    return {
      ...person,
      patientGuid,
      appointmentGuid: await practice.frontDeskTakes({ ...place, patientGuid }),
    };
  };
}
