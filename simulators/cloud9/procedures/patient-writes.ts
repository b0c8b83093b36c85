import { randomInt, randomUUID } from 'node:crypto';
import { newPatientStatus } from '../patient-status.js';
import {
  done,
  invalidParameter,
  refused,
  type Answer,
  type Procedure,
  type ProcedureCall,
} from './procedure.js';

/** Adds a patient each time it is called: no duplicate check, no request id (cloud9.md 3.4). */
export const setPatient: Procedure = {
  name: 'SetPatient',
  kind: 'write',
  required: ['patientFirstName', 'patientLastName', 'providerGUID', 'locationGUID', 'VendorUserName'],
  optional: [
    'birthdayDateTime',
    'phoneNumber',
    'email',
    'gender',
    'note',
    'addressStreet',
    'addressCity',
    'addressState',
    'addressPostalCode',
  ],
  guids: ['providerGUID', 'locationGUID'],
  invalidValues: (knobs) => knobs.setPatientErrors,
  run: (call) => {
    const { records, parameters, knobs, clock } = call;
    const { database } = records;
    const providerGuid = parameters.guid('providerGUID');
    const locationGuid = parameters.guid('locationGUID');
    if (!database.providers.some((provider) => provider.providerGuid === providerGuid)) {
      return inChannel(call, 'providerGUID', knobs.texts.providerUnknown);
    }
    if (!database.locations.some((location) => location.locationGuid === locationGuid)) {
      return inChannel(call, 'locationGUID', knobs.texts.locationUnknown);
    }
    const phone = parameters.optional('phoneNumber');
    if (knobs.rejectDuplicatePhone && phone !== '' && hasPhone(call, phone)) {
      return inChannel(call, 'phoneNumber', knobs.texts.duplicatePhone);
    }
    const birthDate = parameters.has('birthdayDateTime')
      ? parameters.dateTime('birthdayDateTime').date
      : null;
    const nowMs = clock.nowMs();
    const patientGuid = randomUUID();
    const note = parameters.optional('note');
    records.addPatient({
      patientGuid,
      personGuid: randomUUID(),
      patientId: String(randomInt(100_000, 1_000_000)),
      firstName: parameters.text('patientFirstName'),
      middleName: '',
      lastName: parameters.text('patientLastName'),
      title: '',
      suffix: '',
      greeting: parameters.text('patientFirstName'),
      gender: parameters.optional('gender'),
      birthDate,
      school: '',
      addresses: addressOf(call),
      phones: phone === '' ? [] : [{ description: 'Home', number: phone }],
      email: knobs.storeEmail ? parameters.optional('email') : '',
      providerGuid,
      locationGuid,
      status: newPatientStatus,
      inactive: false,
      responsible: null,
      statusStartAtMs: nowMs,
      entryAtMs: nowMs,
      modifiedAtMs: nowMs,
      balance: { current: 0, pastDue: 0, dueNow: 0 },
      comments: note === '' ? [] : [note],
    });
    const shown = knobs.setPatientGuidCase === 'upper' ? patientGuid.toUpperCase() : patientGuid;
    return done(`Patient Added: ${shown}`, patientGuid);
  },
};

/** The channel of SetPatient's refusals is unknown: code 3 or an `Error:` result (knob). */
const inChannel = ({ knobs }: ProcedureCall, parameter: string, text: string): Answer =>
  knobs.setPatientErrors === 'result' ? refused(text) : invalidParameter(knobs, parameter);

const hasPhone = ({ records }: ProcedureCall, number: string): boolean =>
  records.database.patients.some((patient) => patient.phones.some((phone) => phone.number === number));

function addressOf({ parameters }: ProcedureCall): {
  addressGuid: string;
  street: string;
  city: string;
  state: string;
  postalCode: string;
}[] {
  const street = parameters.optional('addressStreet');
  const city = parameters.optional('addressCity');
  const state = parameters.optional('addressState');
  const postalCode = parameters.optional('addressPostalCode');
  if ([street, city, state, postalCode].every((part) => part === '')) return [];
  return [{ addressGuid: randomUUID(), street, city, state, postalCode }];
}

/** Cannot be read back over the wire (cloud9.md 3.4). */
export const setPatientComment: Procedure = {
  name: 'SetPatientComment',
  kind: 'write',
  required: ['patGUID', 'patComment'],
  optional: [],
  guids: ['patGUID'],
  run: ({ records, parameters, knobs, clock }) => {
    const patient = records.patient(parameters.guid('patGUID'));
    if (patient === undefined) return refused(knobs.texts.patientUnknown);
    patient.comments.push(parameters.text('patComment'));
    records.changePatient(patient, { modifiedAtMs: clock.nowMs() });
    return done(knobs.texts.commented, patient.patientGuid);
  },
};

/** Nobody has seen it succeed: not authorised unless the knob `unauthorizedProcedures` lets it through (cloud9.md 3.4). */
export const setPatientDemographicInfo: Procedure = {
  name: 'SetPatientDemographicInfo',
  kind: 'write',
  required: ['patguid'],
  optional: ['persFirstName', 'persLastName', 'persBirthdate'],
  guids: ['patguid'],
  run: ({ records, parameters, knobs, clock }) => {
    const patient = records.patient(parameters.guid('patguid'));
    if (patient === undefined) return refused(knobs.texts.patientUnknown);
    records.changePatient(patient, {
      firstName: parameters.optional('persFirstName') || patient.firstName,
      lastName: parameters.optional('persLastName') || patient.lastName,
      birthDate: parameters.has('persBirthdate')
        ? parameters.dateTime('persBirthdate').date
        : patient.birthDate,
      modifiedAtMs: clock.nowMs(),
    });
    return done(knobs.texts.demographicsSet, patient.patientGuid);
  },
};
