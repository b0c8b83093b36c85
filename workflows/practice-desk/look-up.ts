import { reads } from '../options.js';
import type { LookUp, LookUpAnswers } from './messages.js';

/** Asks the practice system one question. Fails as the read does; nothing is changed. */
export async function practiceLookUp(query: LookUp): Promise<LookUpAnswers[LookUp['kind']]> {
  const { tenantId, environment } = query;
  switch (query.kind) {
    case 'patients': {
      const { firstName, lastName, birthDate } = query;
      return reads.searchPatients({ tenantId, environment, firstName, lastName, birthDate });
    }
    case 'patient':
      return reads.readPatient({ tenantId, environment, patientGuid: query.patientGuid });
    case 'setup':
      return reads.checkPracticeSetup({ tenantId, environment });
    case 'appointmentsOfPatient':
      return reads.listAppointments({ tenantId, environment, patientGuid: query.patientGuid });
    case 'appointmentsOfDay':
      return reads.listAppointmentsOfDay({ tenantId, environment, date: query.date });
    case 'available': {
      const { locationKey, visitTypeKey, from, to, partOfDay } = query;
      // Nobody's hold is their own here: what any conversation holds is not free.
      const conversationId = 'desk';
      return reads.findSlots({
        tenantId,
        environment,
        conversationId,
        locationKey,
        visitTypeKey,
        from,
        to,
        partOfDay,
      });
    }
  }
}
