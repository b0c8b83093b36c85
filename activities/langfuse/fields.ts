import { picoUsd } from '../../domain/langfuse/pico-usd.js';
import type { UnreadableRow } from '../../domain/langfuse/rows.js';

/** A field that is not what the protocol says. Its message names the field, never the value. */
class Unreadable extends Error {}

export type Fields = Readonly<Record<string, unknown>>;

/** PostgreSQL takes no NUL in a text, and nobody misses it. */
const clean = (text: string): string =>
  text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text;

/** Text, or null for what the APIs say instead of "unset": null, absent, `""`. */
export function text(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'string') throw new Unreadable(`${name} is no text`);
  return clean(value);
}

export function neededText(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === null) throw new Unreadable(`${name} is missing`);
  return value;
}

export function time(fields: Fields, name: string): number | null {
  const value = text(fields, name);
  if (value === null) return null;
  const ms = Date.parse(value);
  if (!Number.isFinite(ms)) throw new Unreadable(`${name} is no time`);
  return Math.floor(ms);
}

export function neededTime(fields: Fields, name: string): number {
  const value = time(fields, name);
  if (value === null) throw new Unreadable(`${name} is missing`);
  return value;
}

export function integer(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === null || value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new Unreadable(`${name} is no whole number`);
  return value;
}

/** JSON text of an object or array; null when there is nothing in it. Keys are sorted, so that equal means equal. */
export function json(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') throw new Unreadable(`${name} is no object`);
  if (Object.keys(value).length === 0) return null;
  return clean(Array.isArray(value) ? JSON.stringify(value) : JSON.stringify(sorted(value)));
}

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));

/** Metadata: an object in general, but the server takes any JSON. */
export const metadata = (fields: Fields): string | null =>
  typeof fields['metadata'] === 'object' ? json(fields, 'metadata') : spoken(fields, 'metadata');

/** What was said: v1 gives parsed JSON, v2 the raw text (langfuse.md 4). One form for both: a text stays a text, the rest is JSON. */
export function spoken(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === null || value === undefined) return null;
  return clean(typeof value === 'string' ? value : JSON.stringify(value));
}

export interface Usage {
  readonly usage: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

/** Tokens by key and in sum: input and output are the keys that contain the word, total is its own key (langfuse.md 12). */
export function usageOf(fields: Fields): Usage {
  const given = objectOf(fields, 'usageDetails');
  const units = Object.entries(given).flatMap(([key, value]): [string, number][] => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new Unreadable('usageDetails is no number');
    return value < 0 ? [] : [[key, value]];
  });
  if (units.length === 0) return { usage: null, inputTokens: null, outputTokens: null, totalTokens: null };
  const sum = (word: string): number =>
    units.reduce((total, [key, value]) => (key.includes(word) ? total + value : total), 0);
  const whole = (value: number): number => Math.round(value);
  const total = units.find(([key]) => key === 'total')?.[1];
  return {
    usage: JSON.stringify(sorted(Object.fromEntries(units))),
    inputTokens: whole(sum('input')),
    outputTokens: whole(sum('output')),
    totalTokens: total === undefined ? null : whole(total),
  };
}

/** Costs by key as pico-USD, and their total: the `total` key, else what the API calls the total. No key at all = unknown. */
export function costOf(
  fields: Fields,
  totalName: string,
): { readonly costs: string | null; readonly costPicoUsd: number | null } {
  const given = Object.entries(objectOf(fields, 'costDetails'));
  if (given.length === 0) return { costs: null, costPicoUsd: null };
  const pico = (value: unknown): number => {
    const amount = typeof value === 'number' ? picoUsd(value) : undefined;
    if (amount === undefined) throw new Unreadable('costDetails is no cost');
    return amount;
  };
  const costs = Object.fromEntries(given.map(([key, value]) => [key, String(pico(value))]));
  const total = Object.fromEntries(given)['total'] ?? fields[totalName];
  return {
    costs: JSON.stringify(sorted(costs)),
    costPicoUsd: total === null || total === undefined ? null : pico(total),
  };
}

function objectOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new Unreadable(`${name} is no object`);
  return value as Fields;
}

/** Reads all rows; those that cannot be read are kept as they came, with the reason. */
export function readEach<Row>(
  kind: UnreadableRow['kind'],
  rows: readonly unknown[],
  read: (fields: Fields) => Row,
): { readonly rows: Row[]; readonly unreadable: UnreadableRow[] } {
  const readable: Row[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const row of rows) {
    try {
      if (typeof row !== 'object' || row === null) throw new Unreadable('the row is no object');
      readable.push(read(row as Fields));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable.push({ kind, reason: error.message, raw: clean(JSON.stringify(row)) });
    }
  }
  return { rows: readable, unreadable };
}
