import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { displayName } from '../../../domain/text/display-text.js';
import { repeatable } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { deedsOf, enterDeed, mayWriteRecord, nextDeedRef, sameDeed } from '../deeds.js';
import { done, failed, unknownReference } from './answers.js';

/** More notes than this in one conversation are a mistake. */
const mostNotes = 6;

const memberNumber = /^[\p{L}\d][\p{L}\d .-]{0,39}$/u;

/**
 * Leaves the insurance as a comment on the patient's record. Comments cannot be read back (cloud9.md 6.11): the marker names conversation and
 * note, so that a repeated one is known for what it is; the same note asked for again is not sent.
 */
export async function saveInsurance(
  conversation: Conversation,
  input: ToolInputs['save_insurance'],
): Promise<ToolAnswer> {
  const { state } = conversation;
  const patient = state.patients.find((known) => known.ref === input.patient);
  if (!patient) return unknownReference(state.patients.map((known) => known.ref));
  if (patient.person.kind === 'new')
    return failed('not_booked_yet', 'I can note the insurance as soon as the first visit is booked.');
  if (!mayWriteRecord(state, patient))
    return failed('not_verified', 'I need to find the patient first: name, birth date and phone number.');
  const insurer = displayName(input.insurer);
  if (insurer === '') return failed('invalid_insurer', 'Please give the name of the insurance.', true);
  if (input.member_id !== null && !memberNumber.test(input.member_id))
    return failed('invalid_member_id', 'Please give the member number again.', true);
  const holder = input.policy_holder === null ? '' : displayName(input.policy_holder);

  const text = [
    `Insurance as told by the caller, not verified: ${insurer}`,
    ...(input.member_id === null ? [] : [`member ${input.member_id}`]),
    ...(holder === '' ? [] : [`policy holder ${holder}`]),
  ].join(', ');
  const request = JSON.stringify([patient.ref, text]);
  const answer = (ref: string): ToolAnswer =>
    done({ note: ref, patient: patient.ref, first_name: patient.firstName });
  const before = sameDeed(state, 'noted', request);
  if (before) return answer(before.ref);
  if (deedsOf(state).filter(({ kind }) => kind === 'noted').length >= mostNotes)
    return failed('too_many_notes', 'For more notes I would like to connect you with the team.');

  const { tenantId, environment, conversationId } = state.start;
  const ref = nextDeedRef(state, 'noted');
  const { patientGuid } = patient.person;
  const marker = `chairside ${conversationId.slice(0, 8)}.${ref}`;
  await repeatable.commentPatient({ tenantId, environment, patientGuid, text, marker });
  conversation.apply((current) =>
    enterDeed(current, { kind: 'noted', ref, patientRef: patient.ref, request }),
  );
  return answer(ref);
}
