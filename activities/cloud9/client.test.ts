import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../platform/config/secret.js';
import { createCloud9Client, type Cloud9Client } from './client.js';
import { Cloud9Error, nothingHappened, toApplicationFailure, type Cloud9Fault } from './errors.js';
import { getAppointmentTypes, getLocations } from './procedures/reference-data.js';
import { getPatientInformation } from './procedures/patient-reads.js';
import { setAppointment, setPatient } from './procedures/writes.js';

/*
 * What no simulator should have to be told: raw answers of a socket. The protocol itself is tested against the simulator in
 * client.simulator.test.ts.
 */

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

let server: Server | undefined;
const seen: { method: string | undefined; body: string }[] = [];
const logged: unknown[] = [];

async function clientOf(answer: Answer, httpMethod: 'POST' | 'GET' = 'POST'): Promise<Cloud9Client> {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      seen.push({ method: request.method, body });
      answer(response, request, body);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const info = (event: string, fields: object) => logged.push({ event, ...fields });
  return createCloud9Client({
    tenantId: 'bright-smiles',
    account: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/GetData.ashx`,
      clientId: '11111111-1111-4111-8111-111111111111',
      userName: 'sim-user',
      password: new Secret('very-secret'),
    },
    httpMethod,
    loggers: { cloud9Request: { info }, cloud9Response: { info } },
  });
}

const envelope = (inner: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><GetDataResponse xmlns="http://schemas.practica.ws/cloud9/partners/">${inner}</GetDataResponse>`;
const errorCode = (code: number | string, message = 'words that vary'): Answer =>
  body(
    envelope(
      `<ResponseStatus>Error</ResponseStatus><ErrorCode>${code}</ErrorCode><ErrorMessage>${message}</ErrorMessage>`,
    ),
  );
const result = (text: string): Answer =>
  body(
    envelope(
      `<ResponseStatus>Success</ResponseStatus><Records><Record><Result>${text}</Result></Record></Records>`,
    ),
  );
const body =
  (text: string, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'Content-Type': 'text/html' }).end(text);

const booking = {
  patientGuid: 'ffff0000-0000-4000-8000-000000000001',
  start: '2030-03-05T09:00',
  viewGuid: 'bbbb0000-0000-4000-8000-000000000001',
  columnGuid: 'cccc0000-0000-4000-8000-000000000001',
  appointmentTypeGuid: 'dddd0000-0000-4000-8000-000000000001',
  minutes: 40,
  vendorUserName: 'SimVendor',
};

const faultOf = async (call: Promise<unknown>): Promise<Cloud9Fault> => {
  const error: unknown = await call.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Cloud9Error)) throw error;
  return error.fault;
};
const faultOfRead = async (answer: Answer) => faultOf((await clientOf(answer)).call(getLocations, null));
const faultOfWrite = async (answer: Answer) =>
  faultOf((await clientOf(answer)).call(setAppointment, booking));

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(null));
  server = undefined;
  seen.length = 0;
  logged.length = 0;
});

describe('the wire', () => {
  it.each(['POST', 'GET'] as const)('sends one document by %s and reads a gzipped answer', async (method) => {
    const type =
      '<Record><AppointmentTypeGUID>DDDD0000-0000-4000-8000-000000000001</AppointmentTypeGUID><AppointmentTypeCode>NP </AppointmentTypeCode><AppointmentTypeDescription>Exam &amp; X-ray</AppointmentTypeDescription><AppointmentTypeMinutes>40</AppointmentTypeMinutes><AppointmentTypeDeleted>0</AppointmentTypeDeleted><AppointmentTypeAllowOnlineScheduling>True</AppointmentTypeAllowOnlineScheduling></Record>';
    const client = await clientOf((response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(envelope(`<ResponseStatus>Success</ResponseStatus><Records>${type}</Records>`)));
    }, method);
    await expect(client.call(getAppointmentTypes, { showDeleted: false })).resolves.toEqual([
      {
        appointmentTypeGuid: 'dddd0000-0000-4000-8000-000000000001',
        code: 'NP',
        description: 'Exam & X-ray',
        minutes: 40,
        deleted: false,
        online: true,
      },
    ]);
    expect(seen).toHaveLength(1);
    expect(seen[0]!.method).toBe(method);
    expect(seen[0]!.body).toContain('<Parameters><showDeleted>False</showDeleted></Parameters>');
  });

  it('sends a booking exactly as running clients do', async () => {
    const client = await clientOf(result('Appointment GUID Added: ABCD0000-0000-4000-8000-00000000000A'));
    await expect(client.call(setAppointment, booking)).resolves.toBe('abcd0000-0000-4000-8000-00000000000a');
    expect(seen[0]!.body).toContain(
      '<PatientGUID>ffff0000-0000-4000-8000-000000000001</PatientGUID><StartTime>3/5/2030 9:00:00 AM</StartTime>' +
        '<ScheduleViewGUID>bbbb0000-0000-4000-8000-000000000001</ScheduleViewGUID>' +
        '<ScheduleColumnGUID>cccc0000-0000-4000-8000-000000000001</ScheduleColumnGUID>' +
        '<AppointmentTypeGUID>dddd0000-0000-4000-8000-000000000001</AppointmentTypeGUID>' +
        '<Minutes>40</Minutes><VendorUserName>SimVendor</VendorUserName>',
    );
  });

  it('never follows a redirect, which would carry the password elsewhere', async () => {
    const fault = await faultOfRead((response, request) => {
      response.writeHead(302, { Location: `http://${request.headers.host ?? ''}/elsewhere` }).end();
    });
    expect(fault).toEqual({ kind: 'unavailable', why: 'gateway' });
    expect(seen).toHaveLength(1);
  });

  it('gives up at its deadline', async () => {
    const client = await clientOf(() => undefined);
    await expect(faultOf(client.call(getLocations, null, { timeoutMs: 30 }))).resolves.toEqual({
      kind: 'unavailable',
      why: 'deadline',
    });
  });

  it('ends at once, with the reason of the caller, when the activity is cancelled', async () => {
    const cancelled = new Error('cancelled by the workflow');
    const controller = new AbortController();
    const client = await clientOf(() => controller.abort(cancelled));
    await expect(client.call(getLocations, null, { signal: controller.signal })).rejects.toBe(cancelled);
    await expect(client.call(getLocations, null, { signal: controller.signal })).rejects.toBe(cancelled);
    expect(seen).toHaveLength(1);
  });

  it('reads an envelope whatever the status says', async () => {
    const throttled = envelope('<ResponseStatus>Error</ResponseStatus><ErrorCode>8</ErrorCode>');
    expect(await faultOfRead(body(throttled, 500))).toMatchObject({ kind: 'throttled' });
  });
});

describe('the error channels', () => {
  it.each([
    [1, 'auth', 'Cloud9Auth'],
    [6, 'auth', 'Cloud9Auth'],
    [2, 'badRequest', 'Cloud9BadRequest'],
    [3, 'badRequest', 'Cloud9BadRequest'],
    [7, 'outsideWindow', 'Cloud9OutsideWindow'],
    [8, 'throttled', 'Cloud9Throttled'],
    [10, 'notAuthorised', 'Cloud9NotAuthorised'],
    [0, 'unavailable', 'Cloud9Unavailable'],
    [77, 'unavailable', 'Cloud9Unavailable'],
    ['', 'unavailable', 'Cloud9Unavailable'],
  ])('reads code %s as %s', async (code, kind, type) => {
    const fault = await faultOfRead(errorCode(code));
    expect(fault.kind).toBe(kind);
    expect(toApplicationFailure(new Cloud9Error('GetLocations', fault)).type).toBe(type);
  });

  it.each([
    ['Error: This appointment cannot be scheduled in the specified time slot.', { kind: 'slotTaken' }],
    ['Error: Appointments cannot be scheduled in the past.', { kind: 'refused', reason: 'inThePast' }],
    ['Error: Patient GUID specified does not exist.', { kind: 'refused', reason: 'patientUnknown' }],
    ['Error: The type does not allow online scheduling', { kind: 'refused', reason: 'typeNotOnline' }],
    ['Error: slot not available', { kind: 'refused', reason: 'unspecified' }],
    ['Error:', { kind: 'refused', reason: 'unspecified' }],
    ['error: abcd0000-0000-4000-8000-00000000000a', { kind: 'refused', reason: 'unspecified' }],
    ['Error: Too many requests', { kind: 'throttled' }],
  ])('reads the result %j as a definite refusal', async (text, fault) => {
    const told = await faultOfWrite(result(text));
    expect(told).toMatchObject(fault);
    expect(nothingHappened(told)).toBe(true);
  });

  it.each([
    'Appointment GUID Added',
    'Appointment GUID Added: not-a-guid',
    'Appointment GUID Added: abcd0000-0000-4000-8000-00000000000a for somebody',
    'Successfully added abcd0000-0000-4000-8000-00000000000a',
    'Patient Added: abcd0000-0000-4000-8000-00000000000a',
    'OK',
    '',
  ])('takes %j for neither success nor refusal of a booking', async (text) => {
    expect(nothingHappened(await faultOfWrite(result(text)))).toBe(false);
  });

  it('takes status Success without records for neither', async () => {
    const fault = await faultOfWrite(body(envelope('<ResponseStatus>Success</ResponseStatus><Records/>')));
    expect(nothingHappened(fault)).toBe(false);
  });

  it.each([
    ['an empty body', body('')],
    ['a truncated document', body(envelope('<ResponseStatus>Success</ResponseStatus>').slice(0, -9))],
    ['a gateway page', body('<html><body>502 Bad Gateway</body></html>', 502)],
    ['code 0', errorCode(0)],
    ['a dropped connection', ((response) => response.destroy()) satisfies Answer],
    [
      'a connection dropped in mid-answer',
      ((response) => {
        response.writeHead(200, { 'Content-Length': '500' });
        response.write('<?xml version="1.0"?><GetData', () => response.destroy());
      }) satisfies Answer,
    ],
    [
      'a broken gzip stream',
      ((response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(gzipSync(envelope('x'.repeat(5_000))).subarray(0, 40));
      }) satisfies Answer,
    ],
  ])('leaves a write unclear and a read repeatable after %s', async (_what, answer) => {
    expect(nothingHappened(await faultOfWrite(answer))).toBe(false);
    server!.close();
    const read = await faultOfRead(answer);
    const failure = toApplicationFailure(new Cloud9Error('GetLocations', read));
    expect(failure.nonRetryable).toBe(false);
  });

  it('takes an empty body of a read for throttling, since that is how it also looks', async () => {
    expect(await faultOfRead(body(''))).toMatchObject({ kind: 'throttled' });
  });

  it('says not found for an unknown patient, in either form', async () => {
    const unknown = { patientGuid: 'ffff0000-0000-4000-8000-0000000000ee' };
    const none = await clientOf(
      body(envelope('<ResponseStatus>Success</ResponseStatus><Records></Records>')),
    );
    expect(await faultOf(none.call(getPatientInformation, unknown))).toEqual({ kind: 'notFound' });
    server!.close();
    const code = await clientOf(errorCode(3));
    expect(await faultOf(code.call(getPatientInformation, unknown))).toEqual({ kind: 'notFound' });
  });

  it('names the field, never the value, of a record that it cannot read', async () => {
    const fault = await faultOfRead(
      body(
        envelope(
          '<ResponseStatus>Success</ResponseStatus><Records><Record><LocationGUID>Ann Sample</LocationGUID></Record></Records>',
        ),
      ),
    );
    expect(fault).toEqual({ kind: 'malformed', why: 'field LocationGUID' });
  });
});

describe('what leaves the client', () => {
  it('holds no secret and no personal data: not the logs, not the failure, not its stack', async () => {
    const client = await clientOf(errorCode(3, 'patient Testa Fake, password very-secret'));
    const person = {
      firstName: 'Testa',
      lastName: 'Fake',
      birthDate: '2018-01-02',
      phone: '5555550100',
      email: 'nobody@example.invalid',
      providerGuid: 'eeee0000-0000-4000-8000-000000000001',
      locationGuid: 'aaaa0000-0000-4000-8000-000000000001',
      vendorUserName: 'SimVendor',
    };
    const error = await client.call(setPatient, person).catch((reason: unknown) => reason);
    const failure = toApplicationFailure(error as Cloud9Error);
    const everything = inspect([logged, error, failure, failure.stack, failure.cause, failure.details], {
      depth: 9,
    });
    expect(everything).toContain('SetPatient');
    for (const secret of [
      'very-secret',
      'sim-user',
      '11111111',
      'Testa',
      'Fake',
      '5555550100',
      'example.invalid',
      '2018',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });

  it('logs procedure, tenant, time and outcome of every exchange', async () => {
    const client = await clientOf(errorCode(8));
    await faultOf(client.call(getLocations, null));
    expect(logged).toEqual([
      { event: 'cloud9 request', procedure: 'GetLocations', tenantId: 'bright-smiles' },
      {
        event: 'cloud9 response',
        procedure: 'GetLocations',
        tenantId: 'bright-smiles',
        latencyMs: expect.any(Number) as number,
        outcome: 'throttled',
      },
    ]);
  });
});
