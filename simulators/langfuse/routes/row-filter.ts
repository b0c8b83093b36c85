import { z } from 'zod';
import { isoTime, recordedIssues } from '../issues.js';
import { invalidData, invalidRequest } from '../answer.js';

const base = { column: z.string() };
const keyed = { ...base, key: z.string() };
const compare = z.enum(['>', '<', '>=', '<=']);
const numberOperator = z.enum(['=', '>', '<', '>=', '<=']);
const textOperator = z.enum(['=', 'contains', 'does not contain', 'starts with', 'ends with']);
const anyOperator = z.enum(['any of', 'none of']);

const condition = z.discriminatedUnion('type', [
  z.object({ type: z.literal('datetime'), ...base, operator: compare, value: isoTime }),
  z.object({ type: z.literal('string'), ...base, operator: textOperator, value: z.string() }),
  z.object({ type: z.literal('number'), ...base, operator: numberOperator, value: z.number() }),
  z.object({ type: z.literal('stringOptions'), ...base, operator: anyOperator, value: z.array(z.string()) }),
  z.object({
    type: z.literal('arrayOptions'),
    ...base,
    operator: z.enum(['any of', 'none of', 'all of']),
    value: z.array(z.string()),
  }),
  z.object({
    type: z.literal('categoryOptions'),
    ...keyed,
    operator: anyOperator,
    value: z.array(z.string()),
  }),
  z.object({ type: z.literal('stringObject'), ...keyed, operator: textOperator, value: z.string() }),
  z.object({ type: z.literal('numberObject'), ...keyed, operator: numberOperator, value: z.number() }),
  z.object({ type: z.literal('booleanObject'), ...keyed, operator: z.enum(['=', '<>']), value: z.boolean() }),
  z.object({ type: z.literal('boolean'), ...base, operator: z.enum(['=', '<>']), value: z.boolean() }),
  z.object({
    type: z.literal('null'),
    ...base,
    operator: z.enum(['is null', 'is not null']),
    value: z.literal(''),
  }),
]);
export type Condition = z.output<typeof condition>;

const filters = z.object({ filter: z.array(condition) });

/** How a row is asked for a column; times as epoch milliseconds. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => unknown>>;

/** The conditions of the `filter` parameter. Refuses bad JSON, bad shapes and unknown columns with the recorded words. */
export function readFilter<Row>(text: string | undefined, columns: Columns<Row>): readonly Condition[] {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest('Invalid JSON in filter parameter');
  }
  const result = filters.safeParse({ filter: value });
  if (!result.success) throw invalidData(recordedIssues(result.error.issues));
  return checkColumns(result.data.filter, columns);
}

export const conditionList = z.array(condition);

export function checkColumns<Row>(
  conditions: readonly Condition[],
  columns: Columns<Row>,
): readonly Condition[] {
  const unknown = conditions.find(({ column }) => !(column in columns));
  if (unknown) throw invalidRequest(`Column ${unknown.column} does not match a UI / CH table mapping.`);
  return conditions;
}

export const fits = <Row>(row: Row, conditions: readonly Condition[], columns: Columns<Row>): boolean =>
  conditions.every((one) => holds(one, columns[one.column]?.(row)));

function holds(one: Condition, value: unknown): boolean {
  switch (one.type) {
    case 'datetime':
      return typeof value === 'number' && compared(value, one.operator, Date.parse(one.value));
    case 'number':
      return typeof value === 'number' && compared(value, one.operator, one.value);
    case 'numberObject': {
      const inner = Number(keyOf(value, one.key));
      return Number.isFinite(inner) && compared(inner, one.operator, one.value);
    }
    case 'string':
      return textual(value, one.operator, one.value);
    case 'stringObject':
      return textual(keyOf(value, one.key), one.operator, one.value);
    case 'boolean':
      return (value === one.value) === (one.operator === '=');
    case 'booleanObject':
      return (keyOf(value, one.key) === one.value) === (one.operator === '=');
    case 'null':
      return (value === null || value === '') === (one.operator === 'is null');
    case 'stringOptions':
    case 'categoryOptions':
    case 'arrayOptions': {
      const values = [one.type === 'categoryOptions' ? keyOf(value, one.key) : value].flat();
      if (one.operator === 'all of') return one.value.every((wanted) => values.includes(wanted));
      return one.value.some((wanted) => values.includes(wanted)) === (one.operator === 'any of');
    }
    default:
      return one satisfies never;
  }
}

const keyOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function compared(value: number, operator: '=' | '>' | '<' | '>=' | '<=', bound: number): boolean {
  return {
    '=': value === bound,
    '>': value > bound,
    '<': value < bound,
    '>=': value >= bound,
    '<=': value <= bound,
  }[operator];
}

function textual(value: unknown, operator: z.output<typeof textOperator>, wanted: string): boolean {
  const text =
    typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  return {
    '=': text === wanted,
    contains: text.includes(wanted),
    'does not contain': !text.includes(wanted),
    'starts with': text.startsWith(wanted),
    'ends with': text.endsWith(wanted),
  }[operator];
}
