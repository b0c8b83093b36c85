import { describe, expect, it } from 'vitest';
import { Secret } from '../config/secret.js';
import { redact } from './redact.js';

describe.each([
  ...['password', 'newPassword', 'token', 'accessToken', 'authorization', 'cookie', 'set-cookie', 'apiKey'],
  ...['x-api-key', 'api_key', 'clientSecret', 'masterKey', 'phone', 'phoneNumber', 'callerNumber', 'email'],
  ...['e-mail', 'firstName', 'first_name', 'lastName', 'userName', 'name', 'birthDate', 'birth_date', 'dob'],
  ...['text', 'say', 'caller_said', 'body', 'content', 'summary', 'note', 'secondFactor', 'postalCode'],
])('the value of the field %s', (field) => {
  it('is hidden at any depth', () => {
    expect(redact({ [field]: 'Invented', list: [{ [field]: { deep: 'Invented' } }] })).toEqual({
      [field]: '[redacted]',
      list: [{ [field]: '[redacted]' }],
    });
  });
});

it.each([
  ['tenantId', 'bright-smiles'],
  ['workflowId', 'booking/bright-smiles/0f8fad5b-d9cb-469f-a165-70867728950e'],
  ['intentId', 'aaaa0000-0000-4000-8000-000000000001'],
  ['procedure', 'GetPatientList'],
  ['weightedTokens', 1_200],
  ['toolName', 'find_slots'],
  ['start', '2030-03-05T09:00'],
  ['atMs', 1_732_464_000_000],
  ['at', '1732464000000'],
  ['sql', 'select "name" from "users" where "email" = ?'],
  ['requestId', 'req_0123456789abcdef'],
  ['path', '/api/conversations/0f8fad5b-d9cb-469f-a165-70867728950e/messages'],
])('%s stays readable', (field, value) => {
  expect(redact({ [field]: value })).toEqual({ [field]: value });
});

it.each([
  ['<UserName>sim-user</UserName><Password>sim-pass</Password>', /sim-/],
  ['<request><Password>sim-pa', /sim-/],
  ['Authorization: Bearer abc.def-ghi=', /abc/],
  ['Authorization: Basic c2ltLXVzZXI6eA==', /c2lt/],
  ['token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl refused', /eyJ/],
  ['key sk-invented-key-0001 refused', /invented/],
  ['postgres://sample:hidden@db.example.invalid:5432/store', /hidden/],
  ['no user ann.sample+x@example.co.invalid here', /ann|example/],
  ['call 5555550101 back', /5555550101/],
  ['call (555) 555-0101 back', /0101/],
  ['call 555-555-0101, please', /0101/],
  ['call 555.555.0101.', /0101/],
  ['call +1 555 555 0101', /0101/],
])('%s loses what it gives away', (text, given) => {
  expect(redact(text)).not.toMatch(given);
});

it('a Secret is hidden under any name', () => {
  expect(redact({ value: new Secret('invented') })).toEqual({ value: '[secret]' });
});

it('an error keeps what identifies it and loses what it carries', () => {
  const error = Object.assign(new Error('refused for ann.sample@example.invalid'), {
    type: 'Cloud9Auth',
    code: 'ECONNREFUSED',
    request: { body: '<Password>sim-pass</Password>' },
  });
  const clean = redact({ error }) as { error: { stack: string } };
  expect(clean.error).toMatchObject({
    name: 'Error',
    type: 'Cloud9Auth',
    code: 'ECONNREFUSED',
    message: 'refused for [e-mail]',
  });
  expect(clean.error.stack).toContain('redact.test');
  expect(JSON.stringify(clean)).not.toMatch(/ann|sim-pass/);
});

it('values that JSON does not know stay sensible, and cycles end', () => {
  const cycle: Record<string, unknown> = { id: 1 };
  cycle['self'] = cycle;
  expect(
    redact({
      cost: 12n,
      at: new Date(0),
      bytes: Buffer.from('invented'),
      map: new Map([['phone', '5555550101']]),
      set: new Set(['a']),
    }),
  ).toEqual({
    cost: '12',
    at: '1970-01-01T00:00:00.000Z',
    bytes: '[8 bytes]',
    map: { phone: '[redacted]' },
    set: ['a'],
  });
  expect(JSON.stringify(redact(cycle))).toContain('[deep]');
});
