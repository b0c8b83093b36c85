import { XMLParser } from 'fast-xml-parser';
import { isWellFormed } from './well-formed.js';

export const partnersNamespace = 'http://schemas.practica.ws/cloud9/partners/';

/** What a caller put into `<GetDataRequest>`; missing elements are empty text. */
export interface RequestEnvelope {
  readonly clientId: string;
  readonly userName: string;
  readonly password: string;
  readonly procedure: string;
  readonly parameters: ReadonlyMap<string, string>;
}

// Values stay text: `0012` is a code, not a number. Attributes are read for the namespace only.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  processEntities: true,
  htmlEntities: true,
  ignoreDeclaration: true,
});

/** Reads a request body (cloud9.md 1.2); undefined when it is no well-formed GetDataRequest of the partners namespace. */
export function readRequest(
  body: string,
  rules: { readonly requireNamespace: boolean },
): RequestEnvelope | undefined {
  if (!isWellFormed(body)) return undefined;
  const root = field(parser.parse(body) as unknown, 'GetDataRequest');
  if (!isObject(root)) return undefined;
  if (rules.requireNamespace && root['@xmlns'] !== partnersNamespace) return undefined;
  return {
    clientId: text(root['ClientID']),
    userName: text(root['UserName']),
    password: text(root['Password']),
    procedure: text(root['Procedure']),
    parameters: readParameters(root['Parameters']),
  };
}

function readParameters(element: unknown): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (!isObject(element)) return parameters;
  for (const [name, value] of Object.entries(element)) {
    if (!name.startsWith('@') && name !== '#text') parameters.set(name, text(value));
  }
  return parameters;
}

/** The text of an element; the first one counts when it was sent twice. */
function text(value: unknown): string {
  if (Array.isArray(value)) return text(value[0]);
  if (isObject(value)) return text(value['#text']);
  return typeof value === 'string' ? value : '';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const field = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
