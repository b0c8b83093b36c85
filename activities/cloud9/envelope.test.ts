import { describe, expect, it } from 'vitest';
import { readEnvelope, requestDocument } from './envelope.js';

const account = {
  clientId: '11111111-1111-4111-8111-111111111111',
  userName: 'sim-user',
  password: `p&<>"'w`,
};
const answer = (inner: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\r\n<GetDataResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
  `xmlns="http://schemas.practica.ws/cloud9/partners/">${inner}</GetDataResponse>`;
const success = (records: string): string => answer(`<ResponseStatus>Success</ResponseStatus>${records}`);
const onlyRecord = (fields: string): ReadonlyMap<string, string> => {
  const read = readEnvelope(success(`<Records><Record>${fields}</Record></Records>`));
  if (read.kind !== 'success') throw new Error(read.kind);
  return read.records[0]!;
};

describe('the request', () => {
  it('keeps the element order, escapes every value and drops null and empty parameters', () => {
    const document = requestDocument(account, 'SetPatientComment', [
      ['patGUID', 'ffff0000-0000-4000-8000-000000000001'],
      ['patComment', `A & B <c> O'Fake-Ünit\u0000`],
      ['note', ''],
      ['gender', null],
    ]);
    expect(document).toContain(
      '<ClientID>11111111-1111-4111-8111-111111111111</ClientID><UserName>sim-user</UserName>' +
        '<Password>p&amp;&lt;&gt;&quot;&apos;w</Password><Procedure>SetPatientComment</Procedure><Parameters>' +
        '<patGUID>ffff0000-0000-4000-8000-000000000001</patGUID>' +
        '<patComment>A &amp; B &lt;c&gt; O&apos;Fake-Ünit</patComment></Parameters></GetDataRequest>',
    );
  });
});

describe('the answer', () => {
  it('gives one record and many the same shape', () => {
    const one = readEnvelope(success('<Records><Record><A>1</A></Record></Records>'));
    const two = readEnvelope(
      success('<Records><Record><A>1</A></Record><Record><A>2</A></Record></Records>'),
    );
    expect(one).toMatchObject({ kind: 'success', records: [new Map([['A', '1']])] });
    expect(two).toMatchObject({ kind: 'success', records: { length: 2 } });
  });

  it.each(['<Records></Records>', '<Records/>', '<Records>\n</Records>', ''])(
    'reads %j as zero records',
    (records) => {
      expect(readEnvelope(success(records))).toEqual({ kind: 'success', records: [] });
    },
  );

  it('reads empty, nil and missing fields alike', () => {
    const record = onlyRecord('<A></A><B xsi:nil="true"/><C/><D xsi:nil="true"></D><E>x</E>');
    expect([...record.keys()]).toEqual(['E']);
  });

  it('keeps text raw: padding, line breaks, leading zeros, entities once', () => {
    const record = onlyRecord(
      '<A>  Ann  Sample </A><B>Cell: 5555550100\nHome: 1</B><C>007</C><D>A &amp;lt; &#233;&#xE9; &apos;</D>',
    );
    expect(record.get('A')).toBe('  Ann  Sample ');
    expect(record.get('B')).toBe('Cell: 5555550100\nHome: 1');
    expect(record.get('C')).toBe('007');
    expect(record.get('D')).toBe(`A &lt; éé '`);
  });

  it('reads an honest list with more than a thousand entities', () => {
    const rows = '<Record><A>x &amp; y</A></Record>'.repeat(1_500);
    expect(readEnvelope(success(`<Records>${rows}</Records>`))).toMatchObject({ records: { length: 1_500 } });
  });

  it('reads an error envelope by its code', () => {
    const error =
      '<ResponseStatus>Error</ResponseStatus><ErrorCode>8</ErrorCode><ErrorMessage>Too many</ErrorMessage>';
    expect(readEnvelope(answer(error))).toEqual({ kind: 'error', code: 8, message: 'Too many' });
  });

  it('refuses a DOCTYPE, whatever it declares', () => {
    const evil = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>${success('')}`;
    expect(readEnvelope(evil)).toEqual({ kind: 'unreadable', why: 'doctype' });
  });

  it('does not take a truncated list for the whole one, wherever it was cut', () => {
    const whole = success('<Records><Record><A>1</A></Record><Record><A>2</A></Record></Records>');
    for (let length = 1; length < whole.length; length += 1) {
      expect(readEnvelope(whole.slice(0, length)).kind).toBe('unreadable');
    }
  });

  it.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['<html><body>502 Bad Gateway</body></html>', 'unreadable'],
    ['<html><br></html>', 'unreadable'],
    ['Bad Gateway', 'unreadable'],
    [answer('<Records/>'), 'unreadable'],
  ])('does not take %j for an answer', (body, kind) => {
    expect(readEnvelope(body).kind).toBe(kind);
  });
});
