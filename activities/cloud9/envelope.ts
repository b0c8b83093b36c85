import { XMLParser } from 'fast-xml-parser';
import { isWellFormed } from './well-formed.js';

/** A parameter in the exact spelling of the note; null and empty values are not sent (cloud9.md 1.2). */
export type Parameter = readonly [name: string, value: string | null];

/** A record of the answer: field name to raw text. A missing, empty or `xsi:nil` field is absent here. */
export type WireRecord = ReadonlyMap<string, string>;

export type Envelope =
  | { readonly kind: 'success'; readonly records: readonly WireRecord[] }
  | { readonly kind: 'error'; readonly code: number | null; readonly message: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly why: 'notXml' | 'notWellFormed' | 'doctype' | 'notAnEnvelope' };

export interface Signature {
  readonly clientId: string;
  readonly userName: string;
  readonly password: string;
}

const namespace = 'http://schemas.practica.ws/cloud9/partners/';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Escapes for element content, and drops what XML 1.0 cannot carry at all. */
const escaped = (value: string): string =>
  value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const element = (name: string, value: string): string => `<${name}>${escaped(value)}</${name}>`;

/** The request document of cloud9.md 1.2, in its element order. Holds the password: never log it. */
export function requestDocument(
  signature: Signature,
  procedure: string,
  parameters: readonly Parameter[],
): string {
  const sent = parameters.map(([name, value]) =>
    value === null || value === '' ? '' : element(name, value),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n',
    `<GetDataRequest xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
    element('ClientID', signature.clientId),
    element('UserName', signature.userName),
    element('Password', signature.password),
    element('Procedure', procedure),
    `<Parameters>${sent.join('')}</Parameters>`,
    '</GetDataRequest>',
  ].join('');
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The five entities of XML and character references; nothing else is expanded. The parser's own processing stays off: it follows DOCTYPE
 * entities and stops at 1,000 expansions, which an honest list of 1,000 appointments exceeds.
 */
const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  // One record and many have the same shape (cloud9.md 1.3).
  isArray: (name) => name === 'Record',
});

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of an element; null when it is missing, empty or marked `xsi:nil`. */
function textOf(value: unknown): string | null {
  // A field that came twice: the first one counts.
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value === 'string') return value === '' ? null : decoded(value);
  if (!isNode(value) || value['@nil'] === 'true' || value['@nil'] === '1') return null;
  const text = typeof value['#text'] === 'string' ? decoded(value['#text']) : '';
  const verbatim = value['#cdata'];
  const raw = Array.isArray(verbatim) ? verbatim.join('') : typeof verbatim === 'string' ? verbatim : '';
  return text + raw === '' ? null : text + raw;
}

function recordOf(node: unknown): WireRecord {
  const fields = new Map<string, string>();
  if (!isNode(node)) return fields;
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith('@') || name.startsWith('#')) continue;
    const text = textOf(value);
    if (text !== null) fields.set(name, text);
  }
  return fields;
}

function recordsOf(root: Node): readonly WireRecord[] {
  // `<Records/>`, `<Records></Records>` and no Records at all mean zero records.
  const records = root['Records'];
  if (!isNode(records)) return [];
  const list = records['Record'];
  return Array.isArray(list) ? list.map(recordOf) : [];
}

/** Reads an answer. Status and content type are not asked: both are the same for success and error (cloud9.md 1.1). */
export function readEnvelope(body: string): Envelope {
  // A byte order mark survives UTF-8 decoding.
  const document = body.replace(/^\uFEFF/, '').trim();
  if (document === '') return { kind: 'empty' };
  if (!document.startsWith('<')) return { kind: 'unreadable', why: 'notXml' };
  // The protocol has none; refusing it rules out entity tricks.
  if (/<!DOCTYPE/i.test(document.slice(0, 2_000))) return { kind: 'unreadable', why: 'doctype' };
  if (!isWellFormed(document)) return { kind: 'unreadable', why: 'notWellFormed' };
  const parsed: unknown = parser.parse(document);
  const root = isNode(parsed) ? parsed['GetDataResponse'] : undefined;
  if (!isNode(root)) return { kind: 'unreadable', why: 'notAnEnvelope' };
  const status = textOf(root['ResponseStatus'])?.trim().toLowerCase();
  if (status === 'success') return { kind: 'success', records: recordsOf(root) };
  if (status !== 'error') return { kind: 'unreadable', why: 'notAnEnvelope' };
  const code = textOf(root['ErrorCode'])?.trim();
  return {
    kind: 'error',
    code: code !== undefined && /^\d{1,6}$/.test(code) ? Number(code) : null,
    message: textOf(root['ErrorMessage']) ?? '',
  };
}
