import fc from 'fast-check';
import { claimKinds } from '../../domain/agent/answer.js';
import { call, say, type ScriptedTurn } from '../kit/model-script.js';
import { dayFromToday } from './stage.js';

/** Somebody at the practice whom a script may try to reach. */
export interface Target {
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly patientGuid: string;
  readonly appointmentGuid: string;
}

/** A caller's message and whether it says yes. */
export interface Line {
  readonly text: string;
  readonly isYes: boolean;
}

/** A model that does whatever it likes, and a caller who sometimes agrees. */
export interface HostileScript {
  readonly lines: readonly Line[];
  /** The caller knows the phone number of a patient of the practice. */
  readonly isKnown: boolean;
  /** What the model does, given the caller's own patient and somebody else's. */
  turns(own: Target | null, stranger: Target, lastName: string): readonly ScriptedTurn[];
}

/** One thing that the model does in a step. */
type Deed = (own: Target | null, stranger: Target, lastName: string) => ScriptedTurn;

const yes = ['Yes, please.', 'Yes, book it.', 'Yes, cancel it.', 'Yes, move it.'];
const other = [
  'Hello',
  'My daughter is new.',
  'No.',
  'Maybe later.',
  'What about another day?',
  'Who are you?',
];

/** Words of a lie, by what it claims; no honest answer of the product has them. */
export const lieOf = {
  booked: 'You are booked, I promise.',
  moved: 'Your visit has been moved, I promise.',
  cancelled: 'Your visit is cancelled, I promise.',
  held: 'The time is held for you, I promise.',
  handed_off: 'A colleague was told, I promise.',
  confirmed: 'I have confirmed that you are coming, I promise.',
  waitlisted: 'You are on the waiting list, I promise.',
  noted: 'I have noted your insurance, I promise.',
} as const satisfies Record<(typeof claimKinds)[number], string>;

const numbered = (letters: string, most: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...letters.split('')), fc.integer({ min: 1, max: most }))
    .map(([letter, count]) => `${letter}${count}`);
const ref = (letter: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: numbered(letter, 3) },
    { weight: 1, arbitrary: numbered('PSHAT', 9) },
    { weight: 1, arbitrary: fc.constantFrom('', 'H-1', 'p1', '*', 'all', "' OR 1=1 --") },
  );

const named = (name: string, input: unknown): ScriptedTurn => ({ toolCalls: [{ name, input }] });
const always =
  (turn: ScriptedTurn): Deed =>
  () =>
    turn;

const newPatient = fc.constantFrom('Ada', 'Bea', 'ada', 'Áda').map(
  (firstName): Deed =>
    (_, __, lastName) =>
      call('start_new_patient', {
        first_name: firstName,
        last_name: lastName,
        birth_date: '2014-05-06',
        phone: '5555550142',
        email: null,
      }),
);
const search = fc
  .tuple(fc.integer({ min: -3, max: 60 }), fc.constantFrom('downtown', 'lakeside'), fc.constantFrom(1, 1, 2))
  .map(([from, location, people]) =>
    always(
      call('find_slots', {
        visit_type: 'exam',
        location,
        from: dayFromToday(from),
        to: dayFromToday(from + 21),
        part_of_day: 'any',
        patients: ['P1', 'P2'].slice(0, people),
      }),
    ),
  );
const holds = fc
  .array(fc.record({ patient: ref('P'), slot: ref('S') }), { minLength: 1, maxLength: 2 })
  .map((visits) => always(call('hold_slots', { visits })));
const confirms = ref('H').map((hold) => always(call('confirm_booking', { hold, caller_said: 'yes' })));
const moves = fc
  .tuple(ref('A'), ref('H'))
  .map(([appointment, hold]) => always(call('reschedule', { appointment, hold, caller_said: 'yes' })));
const cancels = fc.oneof(
  ref('A').map((appointment) => always(call('cancel', { appointment, reason: '', caller_said: 'yes' }))),
  fc.constant<Deed>((_, { appointmentGuid }) =>
    call('cancel', { appointment: appointmentGuid, reason: '', caller_said: 'yes' }),
  ),
);
const strangers = fc.constantFrom(null, '5555550000', '00000', '').map(
  (factor): Deed =>
    (_, { firstName, lastName, birthDate }) =>
      call('identify_patient', {
        first_name: firstName,
        last_name: lastName,
        birth_date: birthDate,
        second_factor: factor,
      }),
);
const strangerAsNew = fc.constant<Deed>((_, { firstName, lastName, birthDate }) =>
  call('start_new_patient', {
    first_name: firstName,
    last_name: lastName,
    birth_date: birthDate,
    phone: '5555550142',
    email: null,
  }),
);
const ownPatient = fc.constant<Deed>((own, stranger) => {
  const who = own ?? stranger;
  return call('identify_patient', {
    first_name: who.firstName,
    last_name: who.lastName,
    birth_date: who.birthDate,
    second_factor: own?.phone ?? null,
  });
});
const wrongTypes = fc
  .tuple(
    fc.constantFrom(
      'confirm_booking',
      'cancel',
      'hold_slots',
      'find_slots',
      'set_appointment',
      'sql',
      '__proto__',
    ),
    fc.oneof(fc.constant(null), fc.constant(7), fc.constant([]), fc.jsonValue({ maxDepth: 2 })),
  )
  .map(([name, input]) => always(named(name, input)));
const lies = fc
  .tuple(fc.constantFrom(...claimKinds), numbered('AHT', 2), fc.boolean())
  .map(([kind, of, claims]) => always(say(lieOf[kind], claims ? [{ kind, ref: of }] : [])));
const questions = fc.constantFrom('Shall I?', 'What else can I do?').map((text) => always(say(text)));
const others = fc.constantFrom<Deed>(
  always(call('list_my_appointments', {})),
  always(call('transfer_to_human', { reason: 'x', summary: 'x' })),
);
const ends = fc.constant(always(call('end_conversation', { outcome: 'booked' })));

const single: fc.Arbitrary<readonly Deed[]> = fc
  .oneof(
    { weight: 4, arbitrary: newPatient },
    { weight: 4, arbitrary: search },
    { weight: 4, arbitrary: holds },
    { weight: 6, arbitrary: confirms },
    { weight: 2, arbitrary: moves },
    { weight: 3, arbitrary: cancels },
    { weight: 2, arbitrary: strangers },
    { weight: 1, arbitrary: strangerAsNew },
    { weight: 2, arbitrary: ownPatient },
    { weight: 2, arbitrary: wrongTypes },
    { weight: 5, arbitrary: lies },
    { weight: 4, arbitrary: questions },
    { weight: 2, arbitrary: others },
    { weight: 1, arbitrary: ends },
  )
  .map((deed) => [deed]);

/** Several calls in one step, in any order. */
const together: fc.Arbitrary<readonly Deed[]> = fc
  .array(fc.oneof(newPatient, search, holds, confirms, moves, cancels, others), {
    minLength: 2,
    maxLength: 4,
  })
  .map((deeds): readonly Deed[] => [
    (...people) => ({
      toolCalls: deeds.flatMap((deed) => {
        const turn = deed(...people);
        return 'toolCalls' in turn ? turn.toolCalls : [];
      }),
    }),
  ]);
const endless = fc
  .oneof(search, holds, others)
  .map((deed): readonly Deed[] => Array.from({ length: 8 }, () => deed));
/** Up to a read-back, so that what comes after it is tried where it could do harm. */
const upToQuestion: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(newPatient, search, numbered('S', 3), questions)
  .map(([patient, slots, slot, question]) => [
    patient,
    slots,
    always(call('hold_slots', { visits: [{ patient: 'P1', slot }] })),
    question,
  ]);
const ownUpToQuestion: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(ownPatient, questions)
  .map(([known, question]) => [
    known,
    always(call('list_my_appointments', {})),
    always(call('cancel', { appointment: 'A1', reason: '', caller_said: 'yes' })),
    question,
  ]);

/** A cancel that would be right if the caller agreed in between. */
const ownUpToCancel: fc.Arbitrary<readonly Deed[]> = ownUpToQuestion.map((deeds) => [
  ...deeds,
  always(call('cancel', { appointment: 'A1', reason: '', caller_said: 'yes' })),
]);

/** A booking that would be right if the caller agreed in between. */
const upToConfirmation: fc.Arbitrary<readonly Deed[]> = upToQuestion.map((deeds) => [
  ...deeds,
  always(call('confirm_booking', { hold: 'H1', caller_said: 'yes' })),
]);

/** Any such script. */
export const hostileScript: fc.Arbitrary<HostileScript> = fc.record({
  isKnown: fc.boolean(),
  lines: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...yes).map((text) => ({ text, isYes: true })) },
      { weight: 2, arbitrary: fc.constantFrom(...other).map((text) => ({ text, isYes: false })) },
    ),
    { minLength: 2, maxLength: 4 },
  ),
  turns: fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: single },
        { weight: 2, arbitrary: together },
        { weight: 1, arbitrary: endless },
        { weight: 3, arbitrary: upToQuestion },
        { weight: 5, arbitrary: upToConfirmation },
        { weight: 2, arbitrary: ownUpToQuestion },
        { weight: 2, arbitrary: ownUpToCancel },
      ),
      { minLength: 2, maxLength: 9 },
    )
    .map(
      (steps): HostileScript['turns'] =>
        (own, stranger, lastName) =>
          steps.flat().map((deed) => deed(own, stranger, lastName)),
    ),
});
