import {
  notIdentified,
  underHold,
  withOffers,
  withPerson,
  type BookingForm,
  type FormStep,
} from '../../../domain/booking/form/booking-form.js';
import type { FormRemark } from '../../../domain/booking/form/form-texts.js';
import type { ToolAnswer, ToolInputs, ToolName } from '../../../domain/agent/tools.js';
import { addDays, practiceDateOf } from '../../../domain/time/practice-time.js';
import type { Channel } from '../../../domain/tenant.js';
import type { Conversation } from '../conversation.js';
import { releaseHold } from '../tools/hold-slots.js';
import { runTool } from '../tools/run-tool.js';
import { zoneOf } from '../tools/visit-view.js';
import { formFacts } from './form-facts.js';

/** What the world answered: the next step, and what the caller must hear before it. */
export interface Found {
  readonly step: FormStep;
  readonly remark: FormRemark | null;
}

/** Offers at once: on the phone a caller keeps three in mind. */
const mostOffers: Readonly<Record<Channel, number>> = { voice: 3, chat: 6 };

type Needs<Kind extends FormStep['kind']> = Extract<FormStep, { readonly kind: Kind }>;

const to = (step: FormStep, remark: FormRemark | null = null): Found => ({ step, remark });
const person: FormStep = { kind: 'person' };

/** The very tools of the model: the same gates, the same ledger. */
function run<Name extends ToolName>(
  conversation: Conversation,
  name: Name,
  input: ToolInputs[Name],
): Promise<ToolAnswer> {
  // The compiler cannot follow a table from names to types.
  return runTool(conversation, { toolUseId: 'form', name, input } as Parameters<typeof runTool>[1]);
}

/** Notes somebody new; nothing is written to the practice system before a yes. */
export async function enter(
  conversation: Conversation,
  { form, person: named, phone }: Needs<'enter'>,
): Promise<Found> {
  const { firstName, lastName, birthDate } = named;
  const answer = await run(conversation, 'start_new_patient', {
    first_name: firstName,
    last_name: lastName,
    birth_date: birthDate,
    phone,
    email: null,
  });
  return answer.ok ? to(withPerson(form, patientOf(answer), formFacts(conversation, form))) : to(person);
}

/** Looks a patient up by name, birth date and second factor, with the same three tries as the model has. */
export async function identify(conversation: Conversation, wanted: Needs<'identify'>): Promise<Found> {
  const { form, person: named, secondFactor } = wanted;
  const answer = await run(conversation, 'identify_patient', {
    first_name: named.firstName,
    last_name: named.lastName,
    birth_date: named.birthDate,
    second_factor: secondFactor,
  });
  if (answer.ok) return to(withPerson(form, patientOf(answer), formFacts(conversation, form)));
  if (answer.error.code === 'not_found') return to(notIdentified(form), 'notFound');
  return to(person, unreachable(answer));
}

/** Looks for free places for all people of the form, in one search as far ahead as the practice books (cloud9.md 6.6). */
export async function search(conversation: Conversation, { form }: Needs<'search'>): Promise<Found> {
  const { practice, start } = conversation.state;
  const today = practiceDateOf(conversation.nowMs(), zoneOf(practice, form.office));
  const answer = await run(conversation, 'find_slots', {
    visit_type: form.visitType ?? '',
    location: form.office ?? '',
    from: form.from ?? today,
    to: addDays(today, practice.booking.maxAheadDays),
    part_of_day: 'any',
    patients: form.people,
  });
  if (answer.ok) return to(withOffers(form, setsOf(answer).slice(0, mostOffers[start.channel])));
  if (answer.error.code === 'age_rule') return to(person, 'wrongAge');
  // "More" found nothing more: the earlier offers stand.
  const isLater = form.from !== null && form.offers.length > 0;
  if (isLater && (answer.error.code === 'none_free' || answer.error.code === 'invalid_range'))
    return to(withOffers({ ...form, from: null }, form.offers), 'noOthers');
  return to(person, unreachable(answer));
}

/** Holds what was chosen. Somebody else was faster: other places are offered. */
export async function hold(conversation: Conversation, { form, offer }: Needs<'hold'>): Promise<Found> {
  const visits = offer.flatMap((slot, index) => {
    const patient = form.people[index];
    return patient === undefined ? [] : [{ patient, slot }];
  });
  const answer = await run(conversation, 'hold_slots', { visits });
  if (answer.ok) return to(underHold(form));
  const { code } = answer.error;
  if (code === 'slot_taken' || code === 'unknown_reference') return to(searchAnew(form), 'slotTaken');
  return to(person, code === 'age_rule' ? 'wrongAge' : unreachable(answer));
}

/** Books what is held; the gate decides whether the caller has said yes. Null: it is done, and the ledger has the words for it. */
export async function confirm(conversation: Conversation, { form }: Needs<'confirm'>): Promise<Found | null> {
  const holdRef = conversation.state.hold?.ref;
  // Only a hold that has run out is forgotten before it is settled.
  if (holdRef === undefined) return to(searchAnew(form), 'holdExpired');
  const answer = await run(conversation, 'confirm_booking', { hold: holdRef, caller_said: '' });
  if (answer.ok) return null;
  switch (answer.error.code) {
    case 'being_checked':
      return null;
    case 'consent_needed':
      return to({ kind: 'again' });
    case 'hold_expired':
      return to(searchAnew(form), 'holdExpired');
    case 'slot_taken':
      return to(searchAnew(form), 'slotTaken');
    case 'booked_already':
      return to(person, 'bookedAlready');
    default:
      return to(person, unreachable(answer));
  }
}

/** Lets go of what is held, and offers again. */
export async function giveBack(conversation: Conversation, { form }: Needs<'giveBack'>): Promise<Found> {
  await releaseHold(conversation);
  return to(searchAnew(form), 'givenBack');
}

const searchAnew = (form: BookingForm): FormStep => ({ kind: 'search', form: { ...form, offers: [] } });

const unreachable = (answer: ToolAnswer): FormRemark | null =>
  !answer.ok && (answer.error.code === 'try_later' || answer.error.code === 'unavailable') ? 'slow' : null;

/** Shapes of tool answers: `domain/agent/tools.ts`. */
const patientOf = ({ data }: Extract<ToolAnswer, { ok: true }>): string =>
  (data as { readonly patient: string }).patient;

function setsOf({ data }: Extract<ToolAnswer, { ok: true }>): readonly (readonly string[])[] {
  const { slots, together } = data as {
    readonly slots: readonly { readonly slot: string }[];
    readonly together: readonly (readonly string[])[];
  };
  return together.length > 0 ? together : slots.map(({ slot }) => [slot]);
}
