import { displayName } from '../../../domain/text/display-text.js';
import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { reads } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { knowPatient } from '../state.js';
import { done, failed } from './answers.js';

/** Tries before the lookup is closed for this conversation (claude.md 6). */
const tries = 3;

const notFound = failed(
  'not_found',
  'I could not find a record that matches all of these details. Please check them, or I can connect you with the team.',
);

/**
 * Verifies an existing patient by name, birth date and a second factor. Without the factor nothing is looked up, and "no such patient"
 * reads the same as "wrong factor", so that a stranger learns nothing (claude.md 6).
 */
export async function identifyPatient(
  conversation: Conversation,
  input: ToolInputs['identify_patient'],
): Promise<ToolAnswer> {
  if (conversation.state.failedIdentifications >= tries) {
    return failed(
      'locked',
      'I cannot look up records in this conversation any more. I can connect you with the team.',
    );
  }
  if (input.second_factor === null) {
    return failed('second_factor_needed', 'Please give the phone number or the postal code on file.', true);
  }
  const secondFactor = input.second_factor;
  // Counted before the look-up: calls of one model step run side by side and must not get more tries than three.
  countTry(conversation, 1);
  try {
    return await verify(conversation, { ...input, second_factor: secondFactor });
  } catch (error) {
    // The practice system did not answer; that is nobody's wrong guess.
    countTry(conversation, -1);
    throw error;
  }
}

const countTry = (conversation: Conversation, by: 1 | -1): void =>
  conversation.apply((state) => ({ ...state, failedIdentifications: state.failedIdentifications + by }));

async function verify(
  conversation: Conversation,
  input: ToolInputs['identify_patient'] & { readonly second_factor: string },
): Promise<ToolAnswer> {
  const { tenantId, environment } = conversation.state.start;
  const { candidates } = await reads.findPatients({
    tenantId,
    environment,
    firstName: input.first_name,
    lastName: input.last_name,
    birthDate: input.birth_date,
  });
  const checks = await Promise.all(
    candidates.map(async ({ patientGuid }) => ({
      patientGuid,
      ...(await reads.verifySecondFactor({
        tenantId,
        environment,
        patientGuid,
        secondFactor: input.second_factor,
      })),
    })),
  );
  const [match, ...others] = checks.filter((check) => check.matches);
  if (!match) return notFound;
  countTry(conversation, -1);
  if (others.length > 0) {
    return failed(
      'ambiguous',
      'There is more than one record with these details. A colleague has to sort this out.',
    );
  }
  const firstName = displayName(input.first_name);
  const known = knowPatient(conversation.state, {
    firstName,
    birthDate: input.birth_date,
    person: { kind: 'existing', patientGuid: match.patientGuid },
    verified: true,
  });
  conversation.apply(() => known.state);
  return done({ patient: known.ref, first_name: firstName, verified: true });
}
