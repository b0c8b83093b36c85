import { z } from 'zod';
import { isoTime, recordedIssues } from '../issues.js';
import { invalidData, invalidRequest } from '../answer.js';

/** Parameters as they came; a repeated one is a list. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

export function queryOf(parameters: URLSearchParams): Query {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

/** An empty parameter counts as absent. */
const given = <T extends z.ZodType>(schema: T): z.ZodPreprocess<T> =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().flatMap((part) => part.split(',')))
  .optional();
const first = z.union([z.string(), z.array(z.string()).transform((values) => values[0] ?? '')]).optional();

export const pageNumber = given(z.coerce.number().int().positive().default(1));
export const limitUpTo = (
  longest: number,
  least: number,
): z.ZodPreprocess<z.ZodDefault<z.ZodCoercedNumber>> =>
  given(z.coerce.number().int().gte(least).lte(longest).default(50));
export const time = given(isoTime.optional());
export const texts = given(list);
export const textValue = given(first);
/** `fields` may come repeated or as a comma list; we read one comma list. */
export const fieldNames = given(list.transform((names) => names?.join(',')));

/** `column.asc` or `column.desc`, of these columns. */
export const orderBy = given(
  z
    .string()
    .transform((value) => {
      const [column = '', order] = value.split('.');
      return { column, order: order?.toUpperCase() };
    })
    .pipe(z.object({ column: z.string(), order: z.enum(['ASC', 'DESC']) }))
    .optional(),
);

/** The parameters, or 400 with the issues as the server words them. */
export function parseQuery<T extends z.ZodType>(schema: T, query: Query): z.output<T> {
  const result = schema.safeParse(query);
  if (!result.success) throw invalidData(recordedIssues(result.error.issues));
  return result.data;
}

export const msOf = (isoTime: string | undefined): number | undefined =>
  isoTime === undefined ? undefined : Date.parse(isoTime);

/** Half-open: from the first on, before the second (langfuse.md 3). */
export const within = (ms: number, from: string | undefined, to: string | undefined): boolean =>
  ms >= (msOf(from) ?? -Infinity) && ms < (msOf(to) ?? Infinity);

export const orderedBy = <C extends string>(
  order: { readonly column: string; readonly order: 'ASC' | 'DESC' } | undefined,
  columns: readonly C[],
  otherwise: { readonly column: C; readonly order: 'ASC' | 'DESC' },
): { readonly column: C; readonly order: 'ASC' | 'DESC' } => {
  if (!order) return otherwise;
  const column = columns.find((name) => name === order.column);
  if (column === undefined) throw invalidRequest(`Invalid order by column: ${order.column}`);
  return { column, order: order.order };
};
