import { z } from 'zod';
import { failures } from '../domain/failures.js';
import { failuresOf } from './openapi.js';
import type { Route } from './route.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const code = (text: string): string => `<code>${escape(text)}</code>`;

/** What the page reads of a JSON schema. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const shapeOf = (schema: z.ZodType, io: 'input' | 'output'): Shape =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Shape;

/** One line that says what a value may be: `"chat" | "voice", default "chat"`. */
function inWords(shape: Shape): string {
  if (shape.anyOf) return shape.anyOf.map(inWords).join(' | ');
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' | ') + defaultOf(shape);
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.items)
    return `list of ${shape.items.properties ? `{ ${names(shape.items)} }` : inWords(shape.items)}`;
  if (shape.properties) return `{ ${names(shape)} }`;
  const { minLength, maxLength, minimum, maximum } = shape;
  const range = shape.type === 'string' ? [minLength, maxLength] : [minimum, maximum];
  const limits = range.some((limit) => limit !== undefined)
    ? ` ${range.map((limit) => limit ?? '').join('…')}`
    : '';
  return `${shape.format ?? String(shape.type ?? 'any')}${limits}${defaultOf(shape)}`;
}

const names = (shape: Shape): string => Object.keys(shape.properties ?? {}).join(', ');
const defaultOf = (shape: Shape): string =>
  shape.default === undefined ? '' : `, default ${JSON.stringify(shape.default)}`;

function fields(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string {
  if (!schema) return '';
  const shape = shapeOf(schema, io);
  const rows = Object.entries(shape.properties ?? {}).map(([name, field]) => {
    const optional = io === 'input' && !shape.required?.includes(name) ? ' (optional)' : '';
    return `<tr><td>${code(name)}${optional}</td><td>${escape(inWords(field))}</td></tr>`;
  });
  return `<h3>${title}</h3><table>${rows.join('')}</table>`;
}

function section(route: Route): string {
  const access = route.role === null ? accessInWords[route.access] : `${route.role} of the tenant`;
  const answers = Object.entries(route.answers).map(([status, schema]) =>
    schema ? fields(`Answer ${status}`, schema, 'output') : `<h3>Answer ${status}</h3><p>No body.</p>`,
  );
  const problems = failuresOf(route).map(
    (type) =>
      `<tr><td>${failures[type].status} ${code(type)}</td><td>${escape(failures[type].title)}</td></tr>`,
  );
  return `<details><summary><b>${route.method.toUpperCase()}</b> ${code(route.path)} ${escape(route.summary)}</summary>
<p>For: ${access}.</p>${fields('Path', route.params, 'input')}${fields('Headers', route.headers, 'input')}${fields('Query', route.query, 'input')}${fields('JSON body', route.body, 'input')}
${answers.join('')}<h3>Problems</h3><table>${problems.join('')}</table></details>`;
}

const accessInWords: Readonly<Record<Route['access'], string>> = {
  public: 'everybody, without a token',
  user: 'everybody with a token',
  admin: 'administrators of the installation',
  tenant: 'members of the tenant',
};

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}summary{cursor:pointer;padding:.3rem 0}' +
  'b{display:inline-block;min-width:4.5rem}details[open]{border-left:3px solid #888;padding-left:1rem}h3{font-size:1rem;margin:.8rem 0 .2rem}' +
  'td{padding:.1rem 1rem .1rem 0;vertical-align:top}';

/** A page that lists every route with its fields, access and failures. Self-contained: it works where nothing but this server is reached. */
export const docsPage = (routes: readonly Route[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chairside API</title><style>${style}</style></head>
<body><h1>Chairside API</h1><p>For machines: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<p>Send ${code('Authorization: Bearer <token>')} with the token of ${code('POST /api/auth/login')}. Routes for members of a tenant take
${code('X-Tenant-Id: <slug>')}, which members of one tenant may leave out, and ${code('X-Environment: sandbox')} or ${code('production')}. Failures are
problems (RFC 9457): ${code('application/problem+json')} with a stable ${code('type')}, ${code('urn:chairside:problem:<name>')}.</p>
${routes.map(section).join('\n')}</body></html>`;
