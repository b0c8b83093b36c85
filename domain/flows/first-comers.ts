/**
 * For things that only one node may have: each that a node of ours comes late for, with who has it. Others come first, so that a clash is told as
 * ours against theirs; clashes among others are not told.
 */
export function firstComers<Thing extends { readonly nodeId: string }>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
  ours: ReadonlySet<string>,
): readonly { readonly late: Thing; readonly first: Thing }[] {
  const taken = new Map<string, Thing>();
  return [...things]
    .sort((one, other) => Number(ours.has(one.nodeId)) - Number(ours.has(other.nodeId)))
    .flatMap((late) => {
      const first = taken.get(keyOf(late));
      if (first) return ours.has(late.nodeId) ? [{ late, first }] : [];
      taken.set(keyOf(late), late);
      return [];
    });
}
