import { z } from 'zod';

/** A spreadsheet would run a text that begins like a formula: an error message of a tool may come from a caller. */
const formula = /^[=+\-@\t\r]/;
const number = /^-?\d+(\.\d+)?$/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The columns of a list of an answer, in the order of its schema. Throws when there is no such list of objects. */
export function columnsOf(answer: z.ZodType | undefined, list: string): readonly string[] {
  const rows: unknown = answer instanceof z.ZodObject ? answer.shape[list] : undefined;
  const row: unknown = rows instanceof z.ZodArray ? rows.element : undefined;
  if (!(row instanceof z.ZodObject)) throw new Error(`The answer has no list "${list}" of objects.`);
  return Object.keys(row.shape);
}

/** Rows as CSV (RFC 4180) with a heading, also when there are none. */
export function csvOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((values) => `${values.map(cell).join(',')}\r\n`).join('');
}
