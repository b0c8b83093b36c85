import type { Turn } from './messages.js';
import { createJournal, type Journal } from './journal.js';
import { createPromptCache, type PromptCache } from './prompt-cache.js';
import type { ConversationMemory } from './request-check.js';
import { createScript, type Script } from './script.js';

/** All that the simulator remembers; nothing of it survives a restart. */
export interface Simulation {
  readonly script: Script;
  readonly journal: Journal;
  readonly cache: PromptCache;
  /** What each conversation sent last, for the rules about its whole life. */
  readonly memories: Map<string, ConversationMemory>;
  readonly gate: Gate;
  /** The one answer to everything while there is one. */
  stub: Turn | null;
  latencyMs: number;
}

/** Requests that wait for `POST /admin/release`. */
export interface Gate {
  /** Resolves at the next release, or when `closed` says that nobody waits for the answer any more. */
  pass(onceClosed: (closed: () => void) => void): Promise<void>;
  /** Lets all of them go on; says how many there were. */
  release(): number;
}

export const createSimulation = (): Simulation => ({
  script: createScript(),
  journal: createJournal(),
  cache: createPromptCache(),
  memories: new Map(),
  gate: createGate(),
  stub: null,
  latencyMs: 0,
});

function createGate(): Gate {
  const waiting = new Set<() => void>();
  return {
    pass: (onceClosed) =>
      new Promise((resolve) => {
        const go = (): void => {
          waiting.delete(go);
          resolve();
        };
        waiting.add(go);
        onceClosed(go);
      }),
    release: () => {
      const count = waiting.size;
      for (const go of [...waiting]) go();
      return count;
    },
  };
}
