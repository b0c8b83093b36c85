/**
 * The ETag that the recorded server (Next.js) sends: FNV-1a with 52 bits, then the length, both in base 36. Equal bodies have equal tags, so
 * that the conformance test compares whole bodies by it.
 */
export function etagOf(body: string): string {
  return `"${fnv1a52(body).toString(36)}${body.length.toString(36)}"`;
}

function fnv1a52(text: string): number {
  let [t0, t1, t2, t3] = [0, 0, 0, 0];
  let [v0, v1, v2, v3] = [0x2325, 0x8422, 0x9ce4, 0xcbf2];
  for (let at = 0; at < text.length; at += 1) {
    v0 ^= text.charCodeAt(at);
    t0 = v0 * 435;
    t1 = v1 * 435;
    t2 = v2 * 435;
    t3 = v3 * 435;
    t2 += v0 << 8;
    t3 += v1 << 8;
    t1 += t0 >>> 16;
    v0 = t0 & 65_535;
    t2 += t1 >>> 16;
    v1 = t1 & 65_535;
    v3 = (t3 + (t2 >>> 16)) & 65_535;
    v2 = t2 & 65_535;
  }
  return (v3 & 15) * 281_474_976_710_656 + v2 * 4_294_967_296 + v1 * 65_536 + (v0 ^ (v3 >> 4));
}
