/** Lets at most `count` pieces of work run at a time; others wait in their order, or until their signal ends. */
export interface Slots {
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', giveUp);
        free -= 1;
        resolve();
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      if (free > 0) go();
      else {
        waiting.push(go);
        signal.addEventListener('abort', giveUp, { once: true });
      }
    });
  return {
    run: async (signal, work) => {
      signal.throwIfAborted();
      await take(signal);
      try {
        return await work();
      } finally {
        free += 1;
        waiting.shift()?.();
      }
    },
  };
}
