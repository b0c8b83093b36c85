import { displayName } from '../../../domain/text/display-text.js';
import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { ageInYears, isPracticeDate, practiceDateOf } from '../../../domain/time/practice-time.js';
import type { Conversation } from '../conversation.js';
import { knowPatient } from '../state.js';
import { done, failed } from './answers.js';

/** More people than this in one conversation is a mistake or an abuse. */
const mostPatients = 6;

/** Notes somebody who is new. Nothing is written to the practice system before a booking is confirmed. */
export function startNewPatient(
  conversation: Conversation,
  input: ToolInputs['start_new_patient'],
): ToolAnswer {
  const { state } = conversation;
  const today = practiceDateOf(conversation.nowMs(), state.practice.timeZone);
  const age = isPracticeDate(input.birth_date) ? ageInYears(input.birth_date, today) : -1;
  if (age < 0 || age > 120)
    return failed('invalid_birth_date', 'Please give the birth date again, with the year.', true);
  const phone = input.phone.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  if (phone.length !== 10)
    return failed('invalid_phone', 'Please give a phone number with ten digits.', true);
  if (state.patients.length >= mostPatients) {
    return failed('too_many_patients', 'For more people I would like to connect you with the team.');
  }
  const firstName = displayName(input.first_name);
  const lastName = displayName(input.last_name);
  if (firstName === '' || lastName === '')
    return failed('invalid_name', 'Please give first and last name.', true);
  const known = knowPatient(state, {
    firstName,
    birthDate: input.birth_date,
    person: { kind: 'new', firstName, lastName, birthDate: input.birth_date, phone, email: input.email },
    verified: false,
  });
  conversation.apply(() => known.state);
  return done({ patient: known.ref, first_name: firstName });
}
