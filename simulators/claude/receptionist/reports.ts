import type { Claim } from '../../../domain/agent/answer.js';
import { askToCancel, askToCome } from './appointments.js';
import { search, widen } from './booking.js';
import { rows, usedNow, visitOf, type Desk, type ToolHappening } from './desk.js';
import { say, type Move } from './moves.js';

/** What an order came to, by its result and nothing else. */
interface Report {
  readonly words: string;
  readonly claims: readonly Claim[];
  readonly needsHuman: boolean;
}

/** What was booked or moved. */
export function orderReport(desk: Desk, tool: ToolHappening): Report {
  const { t } = desk;
  const { outcome } = tool.data;
  const kind = outcome === 'moved' ? 'moved' : 'booked';
  const booked = rows(tool.data['appointments']);
  const open = rows(tool.data['not_booked']).map((one) => t.hasNoVisit(String(one['first_name'])));
  const old = outcome === 'reschedule_incomplete' ? [t.oldOneLater] : [];
  return {
    words: [...booked.map((one) => t.done(visitOf(desk, one), kind)), ...open, ...old].join(' '),
    claims: booked.map((one) => ({ kind, ref: String(one['appointment']) })),
    needsHuman: open.length + old.length > 0,
  };
}

/** Moves and cancellations of this turn, told in front of whatever comes next. */
export function doneNow(desk: Desk): Report {
  const { t } = desk;
  const moved = usedNow(desk)
    .filter(({ name, ok }) => name === 'reschedule' && ok)
    .map((tool) => orderReport(desk, tool));
  const gone = usedNow(desk).filter(({ name, ok }) => name === 'cancel' && ok);
  const fresh = gone.filter(({ data }) => data['outcome'] !== 'already_cancelled');
  const cancelled = fresh.length > 0 ? [t.cancelled] : gone.length > 0 ? [t.wasCancelled] : [];
  return {
    words: [...moved.map(({ words }) => words), ...cancelled].join(' '),
    claims: [
      ...moved.flatMap(({ claims }) => claims),
      ...fresh.map(({ data }): Claim => ({ kind: 'cancelled', ref: String(data['appointment']) })),
    ],
    needsHuman: moved.some(({ needsHuman }) => needsHuman),
  };
}

/** What to do when a tool answers with an error. */
export function afterError(desk: Desk, tool: ToolHappening): Move {
  const { t } = desk;
  const hint = t.hint(tool.code, tool.hint);
  switch (tool.code) {
    case 'consent_needed': {
      const ref = String(tool.input['appointment']);
      if (tool.name === 'confirm_attendance') return say(askToCome(desk, ref));
      if (tool.name !== 'cancel') return say(`${t.toBeSure} ${t.asksConsent}`);
      const { words, claims } = doneNow(desk);
      return say(`${words} ${askToCancel(desk, ref)}`.trim(), claims);
    }
    case 'slot_taken':
    case 'hold_expired':
      return usedNow(desk).some(({ name }) => name === 'find_slots') ? say(hint) : search(desk);
    case 'none_free':
      return widen(desk, tool);
    case 'invalid_range':
    case 'invalid_phone':
    case 'invalid_birth_date':
    case 'second_factor_needed':
    case 'invalid_member_id':
      return say(hint);
    case 'not_booked_yet':
      return say(`${hint} ${t.howElse}`);
    case 'being_checked':
      return say(t.beingChecked, [], true);
    default:
      return say(`${hint} ${t.offersPerson}`);
  }
}
