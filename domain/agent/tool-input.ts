import { isPracticeDate } from '../time/practice-time.js';
import { toolEffect, toolSchemas, type ToolCall, type ToolName } from './tools.js';

export type ParsedCall =
  | { readonly ok: true; readonly call: ToolCall }
  | {
      readonly ok: false;
      readonly code: 'unknown_tool' | 'invalid_input';
      readonly problems: readonly string[];
    };

const longestText = 500;
const longestList = 8;

/** A schema of `tools.ts`, as far as those use JSON schema. */
interface Node {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
}

/**
 * Checks what the model asks for against the tool's schema, also where the grammar does not (dates that exist, lengths; claude.md 1.3).
 * Texts are trimmed, enum values get their canonical spelling, references upper case. Never throws.
 */
export function parseToolCall(
  requested: { readonly id: string; readonly name: string; readonly input: unknown },
  practice: { readonly visitTypes: readonly string[]; readonly locations: readonly string[] },
): ParsedCall {
  if (!isToolName(requested.name))
    return { ok: false, code: 'unknown_tool', problems: ['There is no such tool.'] };
  const problems: string[] = [];
  const input = read(toolSchemas(practice)[requested.name] as Node, requested.input, 'input', problems);
  if (problems.length > 0) return { ok: false, code: 'invalid_input', problems };
  // The schema of the name was just checked; the compiler cannot follow a table from names to types.
  return { ok: true, call: { toolUseId: requested.id, name: requested.name, input } as ToolCall };
}

const isToolName = (name: string): name is ToolName => Object.hasOwn(toolEffect, name);

function read(schema: Node, value: unknown, path: string, problems: string[]): unknown {
  if (schema.anyOf) {
    const [other] = schema.anyOf;
    // An empty text is what some models send for "nothing".
    const isNothing = value === null || (typeof value === 'string' && value.trim() === '');
    return isNothing || other === undefined ? null : read(other, value, path, problems);
  }
  if (schema.type === 'string') return readText(schema, value, path, problems);
  if (schema.type === 'array') return readList(schema, value, path, problems);
  return readObject(schema, value, path, problems);
}

function readText(schema: Node, value: unknown, path: string, problems: string[]): string {
  if (typeof value !== 'string') {
    problems.push(`${path} must be a text`);
    return '';
  }
  const text = value.trim();
  if (text.length > longestText) problems.push(`${path} is longer than ${longestText} characters`);
  if (schema.format === 'date' && !isPracticeDate(text))
    problems.push(`${path} must be a day of the calendar as YYYY-MM-DD`);
  // "S12" is a reference, "a1" typed by a model is one too; every other text stays as it is.
  if (!schema.enum) return /^[pshat]\d{1,4}$/.test(text) ? text.toUpperCase() : text;
  const known = schema.enum.find((option) => option.toLowerCase() === text.toLowerCase());
  if (known === undefined) problems.push(`${path} must be one of ${schema.enum.join(', ')}`);
  return known ?? '';
}

function readList(schema: Node, value: unknown, path: string, problems: string[]): unknown[] {
  if (!Array.isArray(value) || value.length > longestList) {
    problems.push(`${path} must be a list of at most ${longestList}`);
    return [];
  }
  return value.map((item, index) => read(schema.items ?? {}, item, `${path}[${index}]`, problems));
}

function readObject(schema: Node, value: unknown, path: string, problems: string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${path} must be an object`);
    return {};
  }
  const properties = schema.properties ?? {};
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(properties, key)) problems.push(`${path}.${key.slice(0, 40)} is not known`);
  }
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => {
      if (!Object.hasOwn(given, key)) problems.push(`${path}.${key} is missing`);
      return [key, Object.hasOwn(given, key) ? read(property, given[key], `${path}.${key}`, problems) : null];
    }),
  );
}
