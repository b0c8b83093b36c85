import { claimKinds, type AgentAnswer, type Claim, type ClaimKind } from './answer.js';

/** The grammar of the API cannot limit lengths (claude.md 1.3); longer texts are no answer to a caller. */
const longestSay = 2_000;
const mostClaims = 10;

/** Reads a final answer. Null for anything but the agreed JSON, whatever it is; unknown keys are ignored. */
export function parseAnswer(text: string): AgentAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { claims, needs_human, say } = value;
  // Capitalisation of enum values is not guaranteed (claude.md 1.3).
  const language = typeof value['language'] === 'string' ? value['language'].toLowerCase() : '';
  if (language !== 'en' && language !== 'es') return null;
  if (
    typeof say !== 'string' ||
    say.trim() === '' ||
    say.length > longestSay ||
    typeof needs_human !== 'boolean'
  )
    return null;
  if (!Array.isArray(claims) || claims.length > mostClaims) return null;
  const read = claims.map(parseClaim);
  return read.every((claim) => claim !== null)
    ? { claims: read, needs_human, language, say: say.trim() }
    : null;
}

function parseClaim(value: unknown): Claim | null {
  if (!isRecord(value) || typeof value['ref'] !== 'string' || typeof value['kind'] !== 'string') return null;
  const kind = value['kind'].toLowerCase();
  return isClaimKind(kind) ? { kind, ref: value['ref'].trim().toUpperCase() } : null;
}

const isClaimKind = (text: string): text is ClaimKind => (claimKinds as readonly string[]).includes(text);

const isRecord = (
  value: unknown,
): value is Record<'claims' | 'needs_human' | 'say' | 'language' | 'ref' | 'kind', unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
