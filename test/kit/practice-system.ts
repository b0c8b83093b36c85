/** A write that the practice system received, from its own ledger. */
export interface ReceivedWrite {
  readonly seq: number;
  readonly procedure: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outcome: string;
  readonly committed: boolean;
}

export interface PracticeAppointment {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly columnGuid: string;
  readonly typeGuid: string;
  readonly start: string;
  readonly status: string;
}

/** The Cloud9 simulator through its admin door: what really happened, and what is to go wrong. */
export interface PracticeSystem {
  writes(procedure?: string): Promise<readonly ReceivedWrite[]>;
  /** Appointments that are not cancelled and were made since the seed. */
  bookings(): Promise<readonly PracticeAppointment[]>;
  appointments(): Promise<readonly PracticeAppointment[]>;
  patients(): Promise<
    readonly { readonly patientGuid: string; readonly firstName: string; readonly lastName: string }[]
  >;
  /** The front desk books this place for a walk-in, or for the patient who is named; the appointment's GUID. */
  frontDeskTakes(place: {
    readonly columnGuid: string;
    readonly start: string;
    readonly patientGuid?: string;
  }): Promise<string>;
  frontDeskCancels(appointmentGuid: string): Promise<void>;
  /** Enters somebody as staff does. */
  addPatient(person: {
    readonly firstName: string;
    readonly lastName: string;
    readonly birthDate: string;
    readonly phone: string;
  }): Promise<string>;
  /** What is truly free. */
  freePlaces(
    from: string,
    to: string,
  ): Promise<
    readonly {
      readonly columnGuid: string;
      readonly start: string;
      readonly locationGuid: string;
      readonly slotClass: string;
    }[]
  >;
  /** Faults that still wait for their call. */
  armedFaults(): Promise<number>;
  fail(
    procedure: string,
    kind: string,
    options?: {
      /** null = until the faults are cleared. */
      readonly times?: number | null;
      /** Share of the calls that it hits, drawn from `seed`. */
      readonly share?: number;
      readonly seed?: number;
      readonly afterCalls?: number;
      readonly delayMs?: number;
      readonly code?: number;
      readonly result?: string;
    },
  ): Promise<void>;
  /** Lets hanging answers go on or break. */
  release(): Promise<void>;
  clearFaults(): Promise<void>;
  /** Remembers what is committed now; the function that it gives resolves when one more write of this procedure is. */
  nextCommit(procedure: string): Promise<() => Promise<void>>;
  callCount(procedure: string): Promise<number>;
}

/** The account of bright-smiles. */
const firstClientId = '11111111-1111-4111-8111-111111111111';

export function practiceSystem(url: string, clientId = firstClientId): PracticeSystem {
  const origin = new URL(url).origin;
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${origin}/admin${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /admin${path}: ${response.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  const appointments = async (): Promise<readonly PracticeAppointment[]> => {
    const answer = (await admin('GET', `/appointments?clientId=${clientId}`)) as {
      appointments: PracticeAppointment[];
    };
    return answer.appointments;
  };
  let seeded: Set<string> | undefined;
  const seed = appointments().then((known) => {
    seeded = new Set(known.map((appointment) => appointment.appointmentGuid));
  });

  const writes = async (procedure?: string): Promise<readonly ReceivedWrite[]> => {
    const answer = (await admin('GET', '/ledger')) as { writes: ReceivedWrite[] };
    return answer.writes.filter((write) => procedure === undefined || write.procedure === procedure);
  };
  const commits = async (procedure: string): Promise<number> =>
    (await writes(procedure)).filter((write) => write.committed).length;

  return {
    nextCommit: async (procedure) => {
      const before = await commits(procedure);
      return async () => {
        while ((await commits(procedure)) === before) await new Promise((resolve) => setTimeout(resolve, 20));
      };
    },
    writes,
    appointments,
    bookings: async () => {
      await seed;
      return (await appointments()).filter(
        ({ appointmentGuid, status }) => status !== 'Cancelled' && !seeded?.has(appointmentGuid),
      );
    },
    patients: async () =>
      ((await admin('GET', `/patients?clientId=${clientId}`)) as { patients: never[] }).patients,
    frontDeskTakes: async (place) => {
      await seed;
      const answer = (await admin('POST', '/front-desk/book', { clientId, ...place })) as {
        appointmentGuid: string;
      };
      seeded?.add(answer.appointmentGuid);
      return answer.appointmentGuid;
    },
    frontDeskCancels: async (appointmentGuid) => {
      await admin('POST', '/front-desk/cancel', { clientId, appointmentGuid });
    },
    addPatient: async (person) => {
      const answer = (await admin('POST', '/patients', { clientId, ...person })) as { patientGuid: string };
      return answer.patientGuid;
    },
    freePlaces: async (from, to) =>
      ((await admin('GET', `/slots?from=${from}&to=${to}&clientId=${clientId}`)) as { slots: never[] }).slots,
    armedFaults: async () => ((await admin('GET', '/faults')) as { faults: unknown[] }).faults.length,
    fail: async (procedure, kind, options = {}) => {
      await admin('POST', '/faults', { procedure, kind, times: 1, ...options });
    },
    release: async () => {
      await admin('POST', '/faults/release');
    },
    clearFaults: async () => {
      await admin('DELETE', '/faults');
    },
    callCount: async (procedure) => {
      const { procedures } = (await admin('GET', '/calls')) as {
        procedures: Record<string, { count: number }>;
      };
      return procedures[procedure]?.count ?? 0;
    },
  };
}
