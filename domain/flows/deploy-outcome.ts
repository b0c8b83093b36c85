/** What came back from `POST /flows`. */
export type PostAnswer =
  /** A complete HTTP answer. `rev` is null when the body has none. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly rev: string | null;
      readonly code: string | null;
      readonly bearerChallenge: boolean;
    }
  /** Connection reset, timeout, cut body: sent, perhaps executed, perhaps executed later. */
  | { readonly kind: 'lost' }
  /** The connection was refused after an attempt: nothing listens there now. */
  | { readonly kind: 'refused' };

/** Everything that is known when an answer has to be judged. */
export interface PostObservation {
  readonly answer: PostAnswer;
  /** Recorded before the first attempt. */
  readonly baseRev: string;
  readonly expectedRev: string;
  /** `rev` of a GET after the answer; null when it was not read or could not be. */
  readonly currentRev: string | null;
  /** Whether the current flows carry the marker of this write: ours landed first, then somebody wrote on top. */
  readonly markerInCurrent: boolean;
  /** How often the process died (reset, then refused) under this same POST, this time included. */
  readonly deaths: number;
  /** How often the token was renewed for this same POST. */
  readonly logins: number;
}

/** What an observation means and what is to be done. `sendAgain` always means the very same POST with the same `rev`. */
export type PostVerdict =
  | { readonly kind: 'saved' }
  /** 200 without a usable `rev`: the flows are probably saved; read the revision, then judge by {@link verdictOfRead}. */
  | { readonly kind: 'readBack' }
  | { readonly kind: 'sendAgain'; readonly reason: 'unknown' | 'restarting' }
  | { readonly kind: 'logInAndSendAgain' }
  /** Someone else deployed; `oursLanded` = theirs is on top of ours. Plan again on the new base. */
  | { readonly kind: 'conflict'; readonly oursLanded: boolean }
  /** Nothing will make this body acceptable. Compare the presence map of credentials: a failed save has already changed the store. */
  | { readonly kind: 'rejected'; readonly status: number; readonly reloadCredentials: boolean }
  | { readonly kind: 'forbidden' }
  /** The process dies under this POST: stop. */
  | { readonly kind: 'poison' };

/** A POST that killed the process twice is not sent a third time (node-red.md 10.2). */
const deathsAllowed = 1;

/**
 * The outcome table of node-red.md 10.2 for one POST of flows. Only a definite answer decides: `rev` equal to the base after a lost answer proves
 * nothing, since a request may still wait in the target's queue (10.4).
 */
export function verdictOfPost(seen: PostObservation): PostVerdict {
  const { answer } = seen;
  if (answer.kind === 'lost') return { kind: 'sendAgain', reason: 'unknown' };
  if (answer.kind === 'refused') {
    return seen.deaths > deathsAllowed ? { kind: 'poison' } : { kind: 'sendAgain', reason: 'restarting' };
  }
  const { status } = answer;
  if (status === 200) return answer.rev === seen.expectedRev ? { kind: 'saved' } : verdictOfRead(seen);
  // A definite 409 is Node-RED's own; without its code somebody between us has answered.
  if (status === 409 && answer.code === 'version_mismatch') return verdictOfConflict(seen);
  if (status === 401 && answer.bearerChallenge && seen.logins === 0) return { kind: 'logInAndSendAgain' };
  if (status === 401 || status === 403) return { kind: 'forbidden' };
  if (status >= 500 || sentAgainLater.has(status)) return { kind: 'sendAgain', reason: 'unknown' };
  return { kind: 'rejected', status, reloadCredentials: answer.code === 'credentials_load_failed' };
}

/** Answers of proxies that say nothing about Node-RED, beside all of 500 and above. */
const sentAgainLater: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** 200 with no `rev` or another one: odd storage, or an error while stopping that was swallowed. Only reading tells. */
function verdictOfRead(seen: PostObservation): PostVerdict {
  if (seen.currentRev === null) return { kind: 'readBack' };
  if (seen.currentRev === seen.expectedRev) return { kind: 'saved' };
  // Still the base, although the answer was 200: whether it is saved is shown by sending again, which is a definite 200 or 409.
  if (seen.currentRev === seen.baseRev) return { kind: 'sendAgain', reason: 'unknown' };
  return { kind: 'conflict', oursLanded: seen.markerInCurrent };
}

function verdictOfConflict(seen: PostObservation): PostVerdict {
  if (seen.currentRev === null) return { kind: 'readBack' };
  // An earlier attempt of ours landed.
  if (seen.currentRev === seen.expectedRev) return { kind: 'saved' };
  return { kind: 'conflict', oursLanded: seen.markerInCurrent };
}

/** What was seen while waiting for deployed flows to run (node-red.md 4.1, 10.1 step 8). */
export interface StartObservation {
  readonly expectedRev: string;
  /** Null when the instance did not answer. */
  readonly currentRev: string | null;
  /** Probed nodes that are not live, sentinels on other tabs included. */
  readonly notLive: readonly string[];
  readonly waitedMs: number;
  /** The instance has not answered anything for this long. */
  readonly silentMs: number;
}

export type StartVerdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'wait' }
  /** Put back: these nodes did not come alive. */
  | { readonly kind: 'notAlive'; readonly nodeIds: readonly string[] }
  /** Somebody deployed after us. */
  | { readonly kind: 'superseded' }
  /** The event loop is blocked; the API cannot cure it: restart with `--safe`, then deploy the backup. */
  | { readonly kind: 'hung' };

/** Constructors may block for long (a timeout right after a deploy is normal), a hang never ends: the note's limit between them. */
const hangAfterMs = 60_000;
/** `nodeCloseTimeout` is 15 s by default and a start waits behind it; more than two minutes nobody waits. */
const startLimitMs = 120_000;

/** Judges one round of probes. */
export function verdictOfStart(seen: StartObservation): StartVerdict {
  if (seen.currentRev === null) return { kind: seen.silentMs >= hangAfterMs ? 'hung' : 'wait' };
  if (seen.currentRev !== seen.expectedRev) return { kind: 'superseded' };
  if (seen.notLive.length === 0) return { kind: 'running' };
  return seen.waitedMs >= startLimitMs ? { kind: 'notAlive', nodeIds: seen.notLive } : { kind: 'wait' };
}

/** What the definite answer to a fence (base content, new marker, `rev` = base) says about the POST that it was to stop (10.4). */
export type FenceVerdict =
  /** The fence is saved: the earlier POST can only get 409 from now on. */
  | { readonly kind: 'stopped' }
  /** The earlier POST had landed: restore from there. */
  | { readonly kind: 'landed' }
  /** Others deployed, the earlier POST is dead too; `oursLanded` = theirs is on top of ours, restore surgically. */
  | { readonly kind: 'overtaken'; readonly oursLanded: boolean }
  /** The fence itself has no definite answer yet: treat it by {@link verdictOfPost}. */
  | { readonly kind: 'unclear'; readonly verdict: PostVerdict };

/** Judges the answer to a fence. `seen.expectedRev` is the fence's own revision; `fencedRev` that of the POST to be stopped. */
export function verdictOfFence(seen: PostObservation, fencedRev: string): FenceVerdict {
  const verdict = verdictOfPost(seen);
  if (verdict.kind === 'saved') return { kind: 'stopped' };
  if (verdict.kind !== 'conflict') return { kind: 'unclear', verdict };
  return seen.currentRev === fencedRev
    ? { kind: 'landed' }
    : { kind: 'overtaken', oursLanded: verdict.oursLanded };
}
