import { request } from 'node:http';
import { startCloud9Simulator, type Cloud9SimulatorOptions } from '../server.js';

/** An answer as it came over the wire, with the few things that tests ask for. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Text of ResponseStatus, ErrorCode and of a write's Result; empty when missing. */
  readonly responseStatus: string;
  readonly errorCode: string;
  readonly result: string;
  /** Field names and texts in wire order. */
  readonly records: readonly Readonly<Record<string, string>>[];
}

export interface CallOptions {
  readonly clientId?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the envelope that is built from the parameters; `null` leaves Parameters away. */
  readonly envelope?: string;
}

export type Parameters = Readonly<Record<string, string>>;

/** Speaks raw HTTP and XML with a simulator, by its own small reading of the protocol. */
export interface RawCaller {
  readonly url: string;
  readonly port: number;
  call(procedure: string, parameters?: Parameters | null, options?: CallOptions): Promise<RawAnswer>;
  admin(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
}

/** The GUIDs of cloud9.md ("Fake values used here"). */
export const names = {
  client: '11111111-1111-4111-8111-111111111111',
  otherClient: '22222222-2222-4222-8222-222222222222',
  loc1: 'aaaa0000-0000-4000-8000-000000000001',
  view1: 'bbbb0000-0000-4000-8000-000000000001',
  view2: 'bbbb0000-0000-4000-8000-000000000002',
  col1: 'cccc0000-0000-4000-8000-000000000001',
  col2: 'cccc0000-0000-4000-8000-000000000002',
  type1: 'dddd0000-0000-4000-8000-000000000001',
  type2: 'dddd0000-0000-4000-8000-000000000002',
  typeX: 'dddd0000-0000-4000-8000-000000000099',
  class1: '9999aaaa-0000-4000-8000-000000000001',
  prov1: 'eeee0000-0000-4000-8000-000000000001',
  pat1: 'ffff0000-0000-4000-8000-000000000001',
  pat2: 'ffff0000-0000-4000-8000-000000000002',
  pat3: 'ffff0000-0000-4000-8000-000000000003',
  pat4: 'ffff0000-0000-4000-8000-000000000004',
  nobody: 'ffff0000-0000-4000-8000-0000000009ff',
} as const;

/** Starts the fixture of cloud9.md 7.2, unthrottled unless `gapScale` says otherwise. */
export async function startNotePractice(options: Cloud9SimulatorOptions = {}): Promise<RawCaller> {
  const simulator = await startCloud9Simulator({ fixture: 'note', gapScale: 0, ...options });
  const { url, port } = simulator;
  return {
    url,
    port,
    close: () => simulator.close(),
    call: async (procedure, parameters = {}, options = {}) =>
      readAnswer(await send(url, options.envelope ?? envelope(procedure, parameters, options), options)),
    admin: async (method, path, body) => {
      const response = await fetch(`http://127.0.0.1:${port}/admin${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

export function envelope(
  procedure: string,
  parameters: Parameters | null,
  options: CallOptions = {},
): string {
  const { clientId = names.client, userName = 'sim-user', password = 'sim-pass' } = options;
  const fields = Object.entries(parameters ?? {}).map(([name, value]) => `<${name}>${value}</${name}>`);
  const list = parameters === null ? '' : `<Parameters>${fields.join('')}</Parameters>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<GetDataRequest xmlns="http://schemas.practica.ws/cloud9/partners/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ClientID>${clientId}</ClientID><UserName>${userName}</UserName><Password>${password}</Password>
  <Procedure>${procedure}</Procedure>${list}
</GetDataRequest>`;
}

type Reply = Pick<RawAnswer, 'status' | 'headers' | 'body'>;

async function send(url: string, body: string, options: CallOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: options.method ?? 'POST',
        agent: false,
        headers: {
          'content-type': 'application/xml',
          'content-length': Buffer.byteLength(body),
          ...options.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function readAnswer(reply: Reply): RawAnswer {
  const records = [...reply.body.matchAll(/<Record>(.*?)<\/Record>/gs)].map(([, inside = '']) =>
    Object.fromEntries(
      [...inside.matchAll(/<(\w+)>(.*?)<\/\1>/gs)].map(([, name = '', text = '']) => [name, text]),
    ),
  );
  const textOf = (name: string): string =>
    new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(reply.body)?.[1] ?? '';
  return {
    ...reply,
    records,
    responseStatus: textOf('ResponseStatus'),
    errorCode: textOf('ErrorCode'),
    result: records[0]?.['Result'] ?? '',
  };
}

/** The day of the fixture (cloud9.md 7.2, case 8). */
export const theDay: Parameters = {
  startDate: '03/05/2030 7:00:00 AM',
  endDate: '03/05/2030 5:00:00 PM',
  morning: 'True',
  afternoon: 'True',
};

/** Case 20; single values may be replaced. */
export const visit = (change: Parameters = {}): Parameters => ({
  PatientGUID: names.pat1,
  StartTime: '3/5/2030 9:00:00 AM',
  ScheduleViewGUID: names.view1,
  ScheduleColumnGUID: names.col1,
  AppointmentTypeGUID: names.type1,
  Minutes: '40',
  VendorUserName: 'SimVendor',
  ...change,
});

/** Case 13; single values may be replaced. */
export const newPatient = (change: Parameters = {}): Parameters => ({
  patientFirstName: 'Testa',
  patientLastName: 'O&apos;Fake-Ünit',
  providerGUID: names.prov1,
  locationGUID: names.loc1,
  birthdayDateTime: '2018-01-02T00:00:00',
  phoneNumber: '5555550100',
  email: 'nobody@example.invalid',
  VendorUserName: 'SimVendor',
  ...change,
});

/** `Last, First` the way callers look patients up. */
export const lookup = (filter: string): Parameters => ({
  filter,
  lookupByPatient: '1',
  pageIndex: '1',
  pageSize: '25',
  showInactive: '0',
});
