/** How a tenant's traces become sessions. */
export interface SessionRule {
  /** A caller who was silent for longer begins a new session. Counted from the end of the turn before. */
  readonly idleGapMs: number;
  /** `perTurn`: the agent gives each turn a session id of its own, which says nothing; the caller and the gap decide. */
  readonly ownSessionIds: 'kept' | 'perTurn';
}

/** The rule of a tenant by its settings. */
export const sessionRuleOf = (settings: SessionSettings | undefined): SessionRule => ({
  idleGapMs: (settings?.idleGapMinutes ?? defaultGapMinutes) * 60_000,
  ownSessionIds: settings?.ownSessionIds ?? 'kept',
});

/** `sessions` of `tenant.json`. */
export interface SessionSettings {
  readonly idleGapMinutes: number;
  readonly ownSessionIds: SessionRule['ownSessionIds'];
}

/** Long enough for a caller who looks for a calendar, short enough to tell two calls of one day apart. */
const defaultGapMinutes = 30;

/** Traces that may share a session. */
export interface SessionGroup {
  readonly by: 'sessionId' | 'caller' | 'trace';
  /** The session's id, the caller's or the trace's: may be personal, and is hashed before it becomes a key. */
  readonly value: string;
}

/** The group of a trace: its own session id, else its caller, else itself alone. The original id is never rewritten. */
export function sessionGroupOf(
  rule: SessionRule,
  trace: { readonly traceId: string; readonly sessionId: string | null; readonly userId: string | null },
): SessionGroup {
  const { traceId, sessionId, userId } = trace;
  const meant = sessionId !== null && !(rule.ownSessionIds === 'perTurn' && userId !== null);
  if (meant) return { by: 'sessionId', value: sessionId };
  if (userId !== null) return { by: 'caller', value: userId };
  return { by: 'trace', value: traceId };
}

/** Silence that ends a session of the group; a session id holds together whatever bears it. */
export const gapOf = (rule: SessionRule, by: SessionGroup['by']): number =>
  by === 'caller' ? rule.idleGapMs : Infinity;
