import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { deedsOf, enterDeed, nextDeedRef, sameDeed } from '../deeds.js';
import type { KnownPatient } from '../state.js';
import { done, failed, unknownReference } from './answers.js';
import { ageProblem, searchRange } from './find-slots.js';

/** More entries than this in one conversation are a mistake. */
const mostEntries = 6;

/** Puts somebody on the practice's waiting list: a row that staff see and that a cancellation is held against. Asked again, the same row. */
export async function joinWaitlist(
  conversation: Conversation,
  input: ToolInputs['join_waitlist'],
): Promise<ToolAnswer> {
  const { state } = conversation;
  const patient = state.patients.find((known) => known.ref === input.patient);
  if (!patient) return unknownReference(state.patients.map((known) => known.ref));
  const range = searchRange(state, input, conversation.nowMs());
  if (!range)
    return failed(
      'invalid_range',
      'That is not a period in which we can book. Please name other days.',
      true,
    );
  const wrongAge = ageProblem(conversation, input, patient.birthDate);
  if (wrongAge) return wrongAge;

  const wish = {
    visitTypeKey: input.visit_type,
    locationKey: input.location,
    ...range,
    partOfDay: input.part_of_day,
  };
  const request = JSON.stringify([patient.ref, wish]);
  const answer = (ref: string): ToolAnswer =>
    done({ entry: ref, patient: patient.ref, first_name: patient.firstName, ...range });
  const before = sameDeed(state, 'waitlisted', request);
  if (before) return answer(before.ref);
  if (deedsOf(state).filter(({ kind }) => kind === 'waitlisted').length >= mostEntries)
    return failed('too_many_entries', 'For more entries I would like to connect you with the team.');

  const { tenantId, environment, conversationId } = state.start;
  const ref = nextDeedRef(state, 'waitlisted');
  const entryId = `${conversationId}.${ref}`;
  await store.joinWaitlist({ tenantId, environment, conversationId, entryId, ...whoIs(patient), ...wish });
  conversation.apply((current) =>
    enterDeed(current, { kind: 'waitlisted', ref, patientRef: patient.ref, request }),
  );
  return answer(ref);
}

/** Whom staff are to call: a record of the practice, or what the caller gave of somebody new. */
const whoIs = ({ firstName, person }: KnownPatient) =>
  person.kind === 'existing'
    ? { firstName, lastName: null, phone: null, patientGuid: person.patientGuid }
    : { firstName, lastName: person.lastName, phone: person.phone, patientGuid: null };
