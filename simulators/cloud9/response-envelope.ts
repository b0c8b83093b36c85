import { partnersNamespace } from './request-envelope.js';

/** One field of a record: text, `null` = empty, `undefined` = the element is not there at all. */
export type WireField = readonly [name: string, value: string | null | undefined];
/** Fields in wire order. */
export type WireRecord = readonly WireField[];

export interface EnvelopeShape {
  readonly emptyField: 'pair' | 'nil' | 'missing';
  readonly emptyRecords: 'pair' | 'selfClosed' | 'absent';
}

const declaration = '<?xml version="1.0" encoding="utf-8"?>\r\n';
const open = `<GetDataResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="${partnersNamespace}">`;
const close = '</GetDataResponse>';

/** A success envelope: ResponseStatus, then Records (cloud9.md 1.3). */
export function successEnvelope(records: readonly WireRecord[], shape: EnvelopeShape): string {
  return `${declaration}${open}<ResponseStatus>Success</ResponseStatus>${recordsElement(records, shape)}${close}`;
}

/** An error envelope; it has no Records (cloud9.md 1.3). */
export function errorEnvelope(code: number, message: string): string {
  return `${declaration}${open}<ResponseStatus>Error</ResponseStatus><ErrorCode>${code}</ErrorCode><ErrorMessage>${escapeText(message)}</ErrorMessage>${close}`;
}

function recordsElement(records: readonly WireRecord[], shape: EnvelopeShape): string {
  if (records.length === 0) {
    return { pair: '<Records></Records>', selfClosed: '<Records/>', absent: '' }[shape.emptyRecords];
  }
  const parts: string[] = ['<Records>'];
  for (const record of records) {
    parts.push('<Record>');
    for (const [name, value] of record) parts.push(fieldElement(name, value, shape));
    parts.push('</Record>');
  }
  parts.push('</Records>');
  return parts.join('');
}

function fieldElement(name: string, value: string | null | undefined, shape: EnvelopeShape): string {
  if (value === undefined) return '';
  if (value !== null && value !== '') return `<${name}>${escapeText(value)}</${name}>`;
  return { pair: `<${name}></${name}>`, nil: `<${name} xsi:nil="true" />`, missing: '' }[shape.emptyField];
}

const needsEscape = /[&<>]/;

function escapeText(value: string): string {
  if (!needsEscape.test(value)) return value;
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
