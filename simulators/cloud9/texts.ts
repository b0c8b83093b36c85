import { z } from 'zod';

/**
 * Every sentence that the practice system says. Those of cloud9.md 3.4 and 4 are verbatim; where the note knows no words they are ours
 * and may be changed by a knob, so that no client can lean on them. `{x}` is filled in.
 */
export const textsKnob = z.strictObject({
  // Success texts of confirm, cancel, comment and demographics are unknown (cloud9.md 7.1, quirk 18).
  confirmed: z.string().default('OK'),
  cancelled: z.string().default('OK'),
  commented: z.string().default('OK'),
  demographicsSet: z.string().default('OK'),
  // Captured or logged by running clients.
  appointmentInThePast: z.string().default('Error: Appointments cannot be scheduled in the past.'),
  slotTaken: z.string().default('Error: This appointment cannot be scheduled in the specified time slot.'),
  patientUnknown: z.string().default('Error: Patient GUID specified does not exist.'),
  cancelInThePast: z.string().default('Error: Appointment in the past cannot be canceled.'),
  // Only fragments of these are known.
  typeNotOnline: z.string().default('Error: The appointment type does not allow online scheduling.'),
  cannotCancel: z.string().default('Error: The appointment cannot be canceled. Status: {status}'),
  cannotConfirm: z.string().default('Error: The appointment must be in a Scheduled status. Status: {status}'),
  // Our own words.
  typeUnknown: z.string().default('Error: No such appointment type in this database.'),
  viewUnknown: z.string().default('Error: No such schedule view in this database.'),
  columnUnknown: z.string().default('Error: The schedule column is not part of the schedule view.'),
  appointmentUnknown: z.string().default('Error: No appointment has this GUID.'),
  providerUnknown: z.string().default('Error: No such provider in this database.'),
  locationUnknown: z.string().default('Error: No such location in this database.'),
  duplicatePhone: z.string().default('Error: A patient with this phone number is already on file.'),
  typeFilterNotOnline: z
    .string()
    .default('Error: The appointment type filter does not allow online scheduling.'),
  rangeTooLong: z.string().default('Error: The date range is longer than {days} days.'),
  // Envelope messages (cloud9.md 4.1: match on the code).
  unknownError: z.string().default('An unknown error occurred.'),
  badCredentials: z.string().default('Invalid ClientID, user name or password.'),
  missingParameter: z.string().default('Required parameter missing: {parameter}.'),
  invalidParameter: z.string().default('Invalid value for parameter {parameter}.'),
  foreignClient: z.string().default('The user has no rights to this ClientID.'),
  outsideWindow: z.string().default('The request is outside of the allowance window for {procedure}.'),
  throttled: z.string().default('Too many requests for procedure {procedure}'),
  notAuthorized: z.string().default('The user is not authorized to execute procedure {procedure}.'),
});

export type Texts = z.infer<typeof textsKnob>;

/** Fills `{name}` places. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
