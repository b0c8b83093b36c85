import type { Switches } from './switches.js';
import { xxhash32 } from './xxhash32.js';

/** Which traces v2 has lost session, user, tags and name of: always the same ones for a share. */
export function contextLost({ lostContext }: Switches): (traceId: string) => boolean {
  if (lostContext === 0) return () => false;
  return (traceId) => xxhash32(`lost/${traceId}`) / 0x1_0000_0000 < lostContext;
}
