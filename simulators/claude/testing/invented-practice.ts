import { formatDay, formatTime, weekdayName } from '../../../domain/time/practice-time.js';
import { parseAnswer } from '../../../domain/agent/parse-answer.js';
import type { AgentAnswer } from '../../../domain/agent/answer.js';
import { checkAnswer } from '../../../domain/agent/claim-check.js';
import type { ClaimFacts } from '../../../domain/agent/claim-facts.js';
import type { ToolAnswer } from '../../../domain/agent/tools.js';
import { saysWillCome } from '../../../domain/booking/attendance.js';
import { isConsent } from '../../../domain/booking/consent.js';
import type { Block, MessagesRequest, WireMessage } from '../messages.js';
import { receptionist } from '../receptionist/receptionist.js';

/** A Thursday. */
const today = '2030-03-07';

interface Call {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

/** A conversation with the receptionist whose tools answer as the product's do, from a calendar in memory. */
export interface Talk {
  /** What the receptionist says to these words. Fails when it claims or says what no result holds. */
  readonly say: (text: string) => string;
  readonly calls: readonly Call[];
  /** Calls of one tool, with their input. */
  readonly of: (name: string) => readonly Record<string, unknown>[];
  /** The next call of this tool fails so. */
  readonly fail: (name: string, code: string, hint: string) => void;
}

interface Visit {
  readonly appointment: string;
  readonly patient: string;
  readonly first_name: string;
  readonly start: string;
  status: 'scheduled' | 'cancelled';
}

const system = `# The practice
- downtown: Downtown, 1 Sample Street, time zone America/New_York. Downtown opening hours: Monday 8:00 AM to 5:00 PM, Tuesday 8:00 AM to 5:00 PM, Wednesday closed.
- lakeside: Lakeside, 2 Example Avenue, time zone America/Chicago. Lakeside opening hours: Monday closed.`;

const answers: Readonly<Record<string, Readonly<Record<'en' | 'es', readonly string[]>>>> = {
  hours: {
    en: ['Downtown opening hours: Monday 8:00 AM to 5:00 PM, Tuesday 8:00 AM to 5:00 PM, Wednesday closed.'],
    es: ['Horario de Downtown: lunes de 8:00 AM a 5:00 PM, martes de 8:00 AM a 5:00 PM, miércoles cerrado.'],
  },
  address: { en: ['Downtown: 1 Sample Street.'], es: ['Downtown: 1 Sample Street.'] },
  phone: {
    en: ['Invented Orthodontics: phone (555) 555-0100.'],
    es: ['Invented Orthodontics: teléfono (555) 555-0100.'],
  },
};

const context = {
  now: { date: today, time: '09:00', weekday: 'Thursday', timeZone: 'America/New_York' },
  practice: { name: 'Invented Orthodontics', phone: '(555) 555-0100' },
  locations: [
    { key: 'downtown', name: 'Downtown', address: '1 Sample Street' },
    { key: 'lakeside', name: 'Lakeside', address: '2 Example Avenue' },
  ],
  visitTypes: [
    { key: 'exam', name: 'New Patient Exam' },
    { key: 'adjustment', name: 'Adjustment' },
  ],
  channel: 'chat',
};

/** Each known patient has these visits; everybody else is new. */
export function talk(
  visits: readonly { readonly firstName: string; readonly start: string }[] = [],
  language: 'en' | 'es' = 'en',
): Talk {
  const messages: WireMessage[] = [];
  const calls: Call[] = [];
  const failing = new Map<string, ToolAnswer>();
  const patients: { ref: string; firstName: string }[] = [];
  const slots: { ref: string; start: string; location: string }[] = [];
  const diary: Visit[] = [];
  const ledger: ClaimFacts['ledger'][number][] = [];
  const holds: { ref: string; visits: { patient: string; slot: string }[] }[] = [];
  const tasks: string[] = [];
  let cancelAsked = '';
  let comingAsked = '';
  let holdTurn = -1;
  let turn = 0;
  let words: string[] = [];

  const view = (start: string, location = 'Downtown'): Record<string, unknown> => ({
    date: start.slice(0, 10),
    weekday: weekdayName(start.slice(0, 10), language),
    day: formatDay(start.slice(0, 10), language),
    time: formatTime(start),
    location,
  });
  const known = (ref: unknown): { ref: string; firstName: string } => {
    const found = patients.find((patient) => patient.ref === ref);
    if (!found) throw new Error(`invented patient ${String(ref)}`);
    return found;
  };
  const slotOf = (ref: string): (typeof slots)[number] => {
    const found = slots.find((one) => one.ref === ref);
    if (!found) throw new Error(`invented slot ${ref}`);
    return found;
  };
  const meet = (firstName: string): Record<string, unknown> => {
    const ref = `P${patients.length + 1}`;
    patients.push({ ref, firstName });
    for (const visit of visits.filter((one) => one.firstName === firstName))
      diary.push({
        appointment: `A${diary.length + 1}`,
        patient: ref,
        first_name: firstName,
        start: visit.start,
        status: 'scheduled',
      });
    return { patient: ref, first_name: firstName };
  };
  const done = (data: unknown): ToolAnswer => ({ ok: true, data });
  const refused = (code: string, hint: string): ToolAnswer => ({
    ok: false,
    error: { code, retryable: true, say_hint: hint },
  });
  const book = (hold: unknown, kind: 'booked' | 'moved'): ToolAnswer => {
    const held = holds.find(({ ref }) => ref === hold);
    if (!held) throw new Error(`invented hold ${String(hold)}`);
    if (turn <= holdTurn || !isConsent(words)) return refused('consent_needed', 'Ask for a clear yes.');
    const appointments = held.visits.map(({ patient, slot }) => {
      const start = slotOf(slot).start;
      const { firstName } = known(patient);
      const appointment = `A${diary.length + 1}`;
      diary.push({ appointment, patient, first_name: firstName, start, status: 'scheduled' });
      ledger.push({ kind, ref: appointment, start });
      return { appointment, patient, first_name: firstName, ...view(start) };
    });
    return done({ outcome: kind, appointments, not_booked: [] });
  };

  const tools: Record<string, (input: Record<string, unknown>) => ToolAnswer> = {
    start_new_patient: (input) => done(meet(input['first_name'] as string)),
    identify_patient: (input) => done({ ...meet(input['first_name'] as string), verified: true }),
    list_my_appointments: () =>
      done({
        appointments: diary
          .filter(({ status }) => status === 'scheduled')
          .map(({ start, ...visit }) => ({ ...visit, ...view(start), visit_type: 'Adjustment' })),
      }),
    find_slots: (input) => {
      const people = (input['patients'] as string[]).map(known);
      const day = input['from'] as string;
      const hours =
        input['part_of_day'] === 'afternoon' ? ['13:00', '14:20', '16:00'] : ['09:00', '10:20', '14:00'];
      const location = input['location'] === 'lakeside' ? 'Lakeside' : 'Downtown';
      const sets = hours.map((hour) =>
        people.map((_, index) => {
          const ref = `S${slots.length + 1}`;
          slots.push({
            ref,
            start: `${day}T${hour.slice(0, 3)}${index === 0 ? hour.slice(3) : `${index + 3}0`}`,
            location,
          });
          return ref;
        }),
      );
      return done({
        slots: sets.flat().map((ref) => {
          const slot = slotOf(ref);
          return { slot: ref, ...view(slot.start, location), minutes: 40 };
        }),
        together: people.length > 1 ? sets : [],
        searched: { from: input['from'], to: input['to'] },
      });
    },
    hold_slots: (input) => {
      const wanted = input['visits'] as { patient: string; slot: string }[];
      const ref = `H${holds.length + 1}`;
      holds.push({ ref, visits: wanted });
      holdTurn = turn;
      return done({
        hold: ref,
        minutes: 10,
        visits: wanted.map(({ patient, slot }) => {
          const found = slotOf(slot);
          return {
            patient,
            first_name: known(patient).firstName,
            slot,
            ...view(found.start, found.location),
          };
        }),
      });
    },
    confirm_booking: (input) => book(input['hold'], 'booked'),
    reschedule: (input) => {
      const old = diary.find(({ appointment }) => appointment === input['appointment']);
      const answer = book(input['hold'], 'moved');
      if (old && answer.ok) old.status = 'cancelled';
      return answer;
    },
    cancel: (input) => {
      const visit = diary.find(({ appointment }) => appointment === input['appointment']);
      if (!visit) throw new Error('invented appointment');
      if (cancelAsked !== visit.appointment || !isConsent(words)) {
        cancelAsked = visit.appointment;
        return refused('consent_needed', 'Ask for a clear yes.');
      }
      visit.status = 'cancelled';
      ledger.push({ kind: 'cancelled', ref: visit.appointment, start: visit.start });
      return done({ appointment: visit.appointment, outcome: 'cancelled' });
    },
    confirm_attendance: (input) => {
      const visit = diary.find(({ appointment }) => appointment === input['appointment']);
      if (!visit) throw new Error('invented appointment');
      const asked = comingAsked === visit.appointment && isConsent(words);
      if (!asked && !saysWillCome(words, visit.start, today)) {
        comingAsked = visit.appointment;
        return refused('consent_needed', 'Ask whether they are coming.');
      }
      ledger.push({ kind: 'confirmed', ref: visit.appointment, start: visit.start });
      return done({ appointment: visit.appointment, outcome: 'confirmed' });
    },
    practice_info: (input) =>
      done({ topic: input['topic'], answers: answers[String(input['topic'])]?.[language] }),
    join_waitlist: (input) => {
      const ref = `W${ledger.length + 1}`;
      ledger.push({ kind: 'waitlisted', ref });
      return done({ entry: ref, patient: input['patient'], first_name: known(input['patient']).firstName });
    },
    save_insurance: (input) => {
      const ref = `N${ledger.length + 1}`;
      ledger.push({ kind: 'noted', ref });
      return done({ note: ref, patient: input['patient'], first_name: known(input['patient']).firstName });
    },
    transfer_to_human: () => {
      tasks.push(`T${tasks.length + 1}`);
      return done({ task: tasks.at(-1) });
    },
    end_conversation: () => done({}),
  };

  const facts = (): ClaimFacts => ({
    ledger,
    holds: holds.map(({ ref }) => ref),
    tasks,
    times: [...slots, ...diary].map(({ start }) => start),
    appointments: diary.flatMap(({ status, start }) => (status === 'scheduled' ? [start] : [])),
    callerTexts: words,
    practiceFacts: [system, ...Object.values(answers).flatMap(({ en, es }) => [...en, ...es])],
    today,
  });

  return {
    calls,
    of: (name) => calls.filter((one) => one.name === name).map(({ input }) => input),
    fail: (name, code, hint) => void failing.set(name, refused(code, hint)),
    say: (text) => {
      turn += 1;
      words = [text];
      const opening =
        messages.length === 0
          ? [{ type: 'text', text: `[context] ${JSON.stringify({ ...context, language })}` }]
          : [];
      messages.push({ role: 'user', content: [...opening, { type: 'text', text }] });
      // The product allows six model steps a turn.
      for (let step = 0; step < 6; step++) {
        const request: MessagesRequest = { model: 'claude-sonnet-5-5', max_tokens: 800, system, messages };
        const { content } = receptionist(request);
        messages.push({ role: 'assistant', content });
        const uses = content.filter(({ type }) => type === 'tool_use');
        if (uses.length === 0) return spokenIn(content[0]?.text ?? '', facts());
        messages.push({ role: 'user', content: uses.map((use) => result(use)) });
      }
      throw new Error('more than six steps in one turn');
    },
  };

  function result(use: Block): Block {
    const name = use.name ?? '';
    const input = use.input as Record<string, unknown>;
    calls.push({ name, input });
    const answer = failing.get(name) ?? tools[name]?.(input);
    failing.delete(name);
    return { type: 'tool_result', tool_use_id: use.id ?? '', content: JSON.stringify(answer) };
  }
}

function spokenIn(text: string, facts: ClaimFacts): string {
  const answer: AgentAnswer | null = parseAnswer(text);
  if (!answer) throw new Error(`not the agreed answer: ${text}`);
  const checked = checkAnswer(answer, facts);
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.violations)} in: ${answer.say}`);
  return answer.say;
}
