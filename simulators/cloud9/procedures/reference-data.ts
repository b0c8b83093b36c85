import { wireBit, wireTimeOnly } from '../wire-format.js';
import { recordsAnswer, type Procedure } from './procedure.js';

/** cloud9.md 3.1. */
export const getLocations: Procedure = {
  name: 'GetLocations',
  kind: 'read',
  required: [],
  optional: [],
  guids: [],
  run: ({ records }) =>
    recordsAnswer(
      records.database.locations.map((location) => [
        ['LocationGUID', location.locationGuid],
        ['LocationName', location.name],
        ['LocationCode', location.code],
        ['TimeZone', location.windowsZone],
        ['LocationPrintedName', location.printedName],
        ['LocationAddress', location.address],
        ['LocationCity', location.city],
        ['LocationState', location.state],
        ['LocationPostalCode', location.postalCode],
      ]),
    ),
};

/** One record per view and column (cloud9.md 3.1). */
export const getChairSchedules: Procedure = {
  name: 'GetChairSchedules',
  kind: 'read',
  required: [],
  optional: [],
  guids: [],
  run: ({ records: { database } }) =>
    recordsAnswer(
      database.views.flatMap((view) => {
        const location = database.locations.find(({ locationGuid }) => locationGuid === view.locationGuid);
        return database.columns
          .filter((column) => column.viewGuid === view.viewGuid)
          .sort((one, other) => one.svcOrder - other.svcOrder)
          .map((column) => [
            ['locGUID', view.locationGuid] as const,
            ['locName', location?.name ?? null] as const,
            ['schdvwGUID', view.viewGuid] as const,
            ['schdvwDescription', view.description] as const,
            ['schdvwStartTime', wireTimeOnly(view.startTime)] as const,
            ['schdvwEndTime', wireTimeOnly(view.endTime)] as const,
            ['schdcolGUID', column.columnGuid] as const,
            ['schdcolDescription', column.description] as const,
            ['svcOrder', String(column.svcOrder)] as const,
          ]);
      }),
    ),
};

/** cloud9.md 3.1. */
export const getAppointmentTypes: Procedure = {
  name: 'GetAppointmentTypes',
  kind: 'read',
  required: ['showDeleted'],
  optional: [],
  guids: [],
  run: ({ records, parameters }) => {
    const showDeleted = parameters.has('showDeleted') && parameters.bit('showDeleted');
    return recordsAnswer(
      records.database.types
        .filter((type) => showDeleted || !type.deleted)
        .map((type) => [
          ['AppointmentTypeGUID', type.typeGuid],
          ['AppointmentTypeCode', type.code],
          ['AppointmentTypeDescription', type.description],
          ['AppointmentTypeMinutes', String(type.minutes)],
          // A digit here and words in the last field of the same record: captured (cloud9.md 2.1).
          ['AppointmentTypeDeleted', type.deleted ? '1' : '0'],
          ['AppointmentTypeGaidgeCode', null],
          ['AppointmentTypeAllowOnlineScheduling', wireBit(type.online)],
        ]),
    );
  },
};
