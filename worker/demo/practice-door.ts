import { httpDoor } from './http-door.js';

interface PracticeAppointment {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly locationGuid: string;
  readonly columnGuid: string;
  readonly start: string;
  readonly status: string;
}

/** The Cloud9 simulator through its admin door: its front desk, and what it really holds. */
export interface PracticeDoor {
  /** The front desk gives every free place at this time to a walk-in. Resolves with how many it took. */
  takePlaces(locationGuid: string, start: string): Promise<number>;
  /** All appointments of everybody with this last name, by first name. */
  appointmentsOf(
    lastName: string,
  ): Promise<readonly (PracticeAppointment & { readonly firstName: string })[]>;
}

interface Patients {
  readonly patients: readonly { readonly patientGuid: string; readonly firstName: string }[];
}
interface Slots {
  readonly slots: readonly {
    readonly clientId: string;
    readonly columnGuid: string;
    readonly start: string;
  }[];
}
interface Appointments {
  readonly appointments: readonly PracticeAppointment[];
}

export function practiceDoor(origin: string): PracticeDoor {
  const door = httpDoor(origin, {});
  return {
    takePlaces: async (locationGuid, start) => {
      const query = new URLSearchParams({ from: start.slice(0, 10), locationGuid });
      const { slots } = await door.get<Slots>(`/admin/slots?${query.toString()}`);
      const places = slots.filter((slot) => slot.start === start);
      for (const { clientId, columnGuid } of places) {
        await door.post('/admin/front-desk/book', { clientId, columnGuid, start });
      }
      return places.length;
    },
    appointmentsOf: async (lastName) => {
      const { patients } = await door.get<Patients>(
        `/admin/patients?${new URLSearchParams({ lastName }).toString()}`,
      );
      const found = await Promise.all(
        patients.map(async ({ patientGuid, firstName }) => {
          const query = new URLSearchParams({ patientGuid });
          const answer = await door.get<Appointments>(`/admin/appointments?${query.toString()}`);
          return answer.appointments.map((appointment) => ({ ...appointment, firstName }));
        }),
      );
      return found.flat();
    },
  };
}
