/** What a practice seldom changes: read on a schedule, kept in our store, never the truth about a single day. */
export const referenceKinds = ['locations', 'chairs', 'appointmentTypes', 'providers'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** One record as we keep it: a key that stays, and plain JSON. */
export interface ReferenceItem {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface ReferenceChange {
  readonly key: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly before: ReferenceItem['value'] | null;
  readonly after: ReferenceItem['value'] | null;
}

/** JSON with sorted names, so that the order in which a record was built is no change. */
const canonical = (value: ReferenceItem['value']): string =>
  JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));

/** What differs between the records that we know and those that were read, in the order of their keys. */
export function referenceChanges(
  known: readonly ReferenceItem[],
  read: readonly ReferenceItem[],
): readonly ReferenceChange[] {
  const before = new Map(known.map(({ key, value }) => [key, value]));
  const after = new Map(read.map(({ key, value }) => [key, value]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): ReferenceChange[] => {
    const was = before.get(key) ?? null;
    const is = after.get(key) ?? null;
    if (was && is && canonical(was) === canonical(is)) return [];
    return [{ key, change: was && is ? 'changed' : is ? 'added' : 'removed', before: was, after: is }];
  });
}

/** More than this part of the known records gone at once is a broken answer rather than a decision of the practice. */
const largestLoss = 0.5;

/**
 * Why an answer must not replace what we know; null when it may. A practice without offices, chairs or appointment types does not exist, and
 * "zero rows" is how throttling also looks (failure-modes.md 6, 14).
 */
export function suspicionOf(
  known: readonly ReferenceItem[],
  read: readonly ReferenceItem[],
): 'empty' | 'mostlyGone' | null {
  if (read.length === 0) return 'empty';
  const left = new Set(read.map(({ key }) => key));
  const gone = known.filter(({ key }) => !left.has(key)).length;
  return known.length > 1 && gone / known.length > largestLoss ? 'mostlyGone' : null;
}
