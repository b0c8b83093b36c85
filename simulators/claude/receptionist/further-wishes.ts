import { addDays } from '../../../domain/time/practice-time.js';
import { officeOf, visitTypeOf } from './booking.js';
import { patientsOf, usedNow, type Desk, type ToolHappening } from './desk.js';
import { insurerIn, memberNumberIn } from './insurance-words.js';
import { claimsOf, call, say, type Move } from './moves.js';

/** The waiting list for everybody who is meant, on the days that the caller named, else the next two months. */
export function joinWaitlist(desk: Desk): Move {
  const location = officeOf(desk);
  if (location === null) return say(desk.t.asksOffice(desk.practice.locations.map(({ name }) => name)));
  const tomorrow = addDays(desk.practice.today, 1);
  const [patient = ''] = patientsOf(desk);
  return call('join_waitlist', {
    patient,
    visit_type: visitTypeOf(desk),
    location,
    ...(desk.wish.days ?? { from: tomorrow, to: addDays(tomorrow, 60) }),
    part_of_day: desk.wish.partOfDay ?? 'any',
  });
}

export function saveInsurance(desk: Desk): Move {
  const insurer = insurerIn(desk.recent);
  if (insurer === null) return say(desk.t.asksInsurer);
  const [patient = ''] = patientsOf(desk);
  return call('save_insurance', {
    patient,
    insurer,
    member_id: memberNumberIn(desk.recent),
    policy_holder: null,
  });
}

/** The same for the next person who is meant; null when it is done for all of them. */
export function forTheNext(desk: Desk, tool: ToolHappening): Move | null {
  const done = usedNow(desk).flatMap(({ name, input }) => (name === tool.name ? [input['patient']] : []));
  const next = patientsOf(desk).find((patient) => !done.includes(patient));
  if (next === undefined) return null;
  return {
    kind: 'call',
    name: tool.name as 'join_waitlist' | 'save_insurance',
    input: { ...tool.input, patient: next },
  };
}

/** Tells what this turn put on the waiting list or noted. */
export function reportFurther(desk: Desk, tool: ToolHappening): Move {
  const { t } = desk;
  const done = usedNow(desk).filter(({ name, ok }) => name === tool.name && ok);
  const names = done.map(({ data }) => String(data['first_name']));
  return tool.name === 'join_waitlist'
    ? say(
        `${t.waitlisted(names)} ${t.asksMore}`,
        claimsOf(
          'waitlisted',
          done.map(({ data }) => data['entry']),
        ),
      )
    : say(
        `${t.noted(names)} ${t.asksMore}`,
        claimsOf(
          'noted',
          done.map(({ data }) => data['note']),
        ),
      );
}
