interface Branch {
  readonly observationId: string;
  readonly parentId: string | null;
}

/**
 * Observations in the order of their tree, each behind its parent, with its depth; siblings stay in the order given. What names a parent
 * that is not there, or itself over some corners, stands at the top: nothing is left out.
 */
export function treeOrder<Row extends Branch>(
  rows: readonly Row[],
): readonly (Row & { readonly depth: number })[] {
  const ids = new Set(rows.map(({ observationId }) => observationId));
  const children = new Map<string | null, Row[]>();
  for (const row of rows) {
    const parent = row.parentId !== null && ids.has(row.parentId) ? row.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const placed = new Set<string>();
  const ordered: (Row & { readonly depth: number })[] = [];
  const visit = (top: Row): void => {
    // A list of our own instead of recursion: chains may be deeper than the stack.
    const waiting = [{ row: top, depth: 0 }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { row, depth } = next;
      if (placed.has(row.observationId)) continue;
      placed.add(row.observationId);
      ordered.push({ ...row, depth });
      for (const child of [...(children.get(row.observationId) ?? [])].reverse())
        waiting.push({ row: child, depth: depth + 1 });
    }
  };
  for (const row of children.get(null) ?? []) visit(row);
  for (const row of rows) visit(row);
  return ordered;
}
