import type { Claim } from '../../../domain/agent/answer.js';
import { askToCancel } from './appointments.js';
import { search, widen } from './booking.js';
import { rows, usedNow, type Desk, type ToolHappening } from './desk.js';
import { asksConsent, asksMore, offersPerson, say, type Move } from './moves.js';

/** Tells what was booked or moved, by the result and nothing else. */
export function reportOrder(tool: ToolHappening): Move {
  const kind = tool.data['outcome'] === 'moved' ? 'moved' : 'booked';
  const booked = rows(tool.data['appointments']);
  const claims = booked.map((one): Claim => ({ kind, ref: String(one['appointment']) }));
  const lines = booked.map(
    (one) =>
      `${String(one['first_name'])} is ${kind === 'moved' ? 'moved to' : 'booked for'} ${String(one['day'])} at ${String(one['time'])}, ${String(one['location'])}.`,
  );
  const open = rows(tool.data['not_booked']).map(
    (one) => `${String(one['first_name'])} does not have a visit yet.`,
  );
  const old =
    tool.data['outcome'] === 'reschedule_incomplete'
      ? ['A colleague will take care of the old appointment.']
      : [];
  return say([...lines, ...open, ...old, asksMore].join(' '), claims, open.length + old.length > 0);
}

/** Cancellations of this turn, told in front of whatever comes next. */
export function cancelledNow(desk: Desk): { readonly words: string; readonly claims: readonly Claim[] } {
  const done = usedNow(desk).filter(({ name, ok }) => name === 'cancel' && ok);
  const fresh = done.filter(({ data }) => data['outcome'] !== 'already_cancelled');
  const words =
    fresh.length > 0 ? 'It is cancelled.' : done.length > 0 ? 'That appointment stands no more.' : '';
  return {
    words,
    claims: fresh.map(({ data }): Claim => ({ kind: 'cancelled', ref: String(data['appointment']) })),
  };
}

/** What to do when a tool answers with an error. */
export function afterError(desk: Desk, tool: ToolHappening): Move {
  switch (tool.code) {
    case 'consent_needed': {
      if (tool.name !== 'cancel') return say(`To be sure: shall I go ahead? ${asksConsent}`);
      const { words, claims } = cancelledNow(desk);
      return say(`${words} ${askToCancel(desk, String(tool.input['appointment']))}`.trim(), claims);
    }
    case 'slot_taken':
    case 'hold_expired':
      return usedNow(desk).some(({ name }) => name === 'find_slots') ? say(tool.hint) : search(desk);
    case 'none_free':
      return widen(desk, tool);
    case 'invalid_range':
    case 'invalid_phone':
    case 'invalid_birth_date':
    case 'second_factor_needed':
      return say(tool.hint);
    case 'being_checked':
      return say(
        'This is still being confirmed with the practice. A colleague will call you back.',
        [],
        true,
      );
    default:
      return say(`${tool.hint === '' ? 'That did not work.' : tool.hint} ${offersPerson}`);
  }
}
