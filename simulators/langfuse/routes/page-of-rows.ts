import { xxhash32 } from '../xxhash32.js';
import type { Switches } from '../switches.js';

export interface PageMeta {
  readonly page: number;
  readonly limit: number;
  readonly totalItems: number;
  readonly totalPages: number;
}

export const metaOf = (page: number, limit: number, totalItems: number): PageMeta => ({
  page,
  limit,
  totalItems,
  totalPages: Math.ceil(totalItems / limit),
});

/**
 * One page of rows in an order without a tie-break. As the server has none, equal keys come in another order on every page and pages lose
 * rows (recorded: 53 of 60); the same request gets the same page. `ties: stable` is the server that one would like to have.
 */
export function pageOfTies<Row>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
  idOf: (row: Row) => string,
  { page, limit }: { readonly page: number; readonly limit: number },
  ties: Switches['ties'],
): readonly Row[] {
  const salt = ties === 'permuted' ? `${page}/${limit}/` : '';
  const tied = (a: Row, b: Row): number =>
    ties === 'permuted'
      ? xxhash32(salt + idOf(a)) - xxhash32(salt + idOf(b))
      : idOf(a) < idOf(b)
        ? -1
        : idOf(a) > idOf(b)
          ? 1
          : 0;
  return [...rows].sort((a, b) => compare(a, b) || tied(a, b)).slice((page - 1) * limit, page * limit);
}
