/**
 * JSON with keys in code-point order and no white space, so that equal values are equal bytes (claude.md 7). `undefined` members are left
 * out as JSON does; what JSON cannot hold (functions, NaN, bigint, cycles) throws.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member))
      throw new TypeError('JSON cannot hold this number.');
    if (typeof member === 'function' || typeof member === 'symbol')
      throw new TypeError('JSON cannot hold this value.');
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
