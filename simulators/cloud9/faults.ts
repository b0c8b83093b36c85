import { z } from 'zod';
import { drawsOf } from './draws.js';

/**
 * When a fault strikes: `door` = the request arrived and nothing was looked at; `admission` = instead of the window or throttle check;
 * `execution` = after admission, instead of running or after it ran.
 */
const stages = {
  delay: 'door',
  hang: 'door',
  drop: 'door',
  '502': 'door',
  throttle: 'admission',
  windowClosed: 'admission',
  error: 'execution',
  commitThenDrop: 'execution',
  commitThen502: 'execution',
  commitThenHang: 'execution',
  truncated: 'execution',
  empty: 'execution',
  malformed: 'execution',
} as const;

export type FaultKind = keyof typeof stages;
type FaultStage = (typeof stages)[FaultKind];
type KindAt<Stage extends FaultStage> = {
  [Kind in FaultKind]: (typeof stages)[Kind] extends Stage ? Kind : never;
}[FaultKind];

export const faultSchema = z
  .strictObject({
    /** A procedure name, or `*`. */
    procedure: z.string().min(1),
    kind: z.enum(Object.keys(stages) as [FaultKind, ...FaultKind[]]),
    /** How many calls it hits; null = all until it is deleted. */
    times: z.number().int().min(1).nullable().default(1),
    /** Calls that pass unharmed first. */
    afterCalls: z.number().int().min(0).default(0),
    /** Of the calls that it would hit, this share is hit, drawn from `seed`: the same calls in the same order meet the same fate. */
    share: z.number().min(0).max(1).default(1),
    seed: z.number().int().default(1),
    clientId: z.string().toLowerCase().optional(),
    /** For `delay`; the request runs afterwards even when the client has gone. */
    delayMs: z.number().min(0).default(0),
    /** For `error`: an error envelope. */
    code: z.number().int().optional(),
    message: z.string().optional(),
    /** For `error`: a Success envelope with this Result. */
    result: z.string().optional(),
    /** For `empty`, `truncated`, `malformed`: whether the request runs before its answer is spoilt. */
    commit: z.boolean().default(true),
  })
  .refine((fault) => fault.kind !== 'error' || fault.code !== undefined || fault.result !== undefined, {
    message: 'kind "error" needs a code or a result',
  });

export type Fault = z.infer<typeof faultSchema>;
/** A fault of one stage. */
export type FaultAt<Stage extends FaultStage> = Fault & { readonly kind: KindAt<Stage> };

interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  readonly draw: () => number;
  seen: number;
  hits: number;
}

/** Faults that the admin ordered, and the answers that hang because of them. */
export class Faults {
  #active: ActiveFault[] = [];
  #nextId = 1;
  readonly #hanging = new Set<() => void>();

  add(fault: Fault): number {
    const id = this.#nextId++;
    this.#active.push({ id, fault, draw: drawsOf(fault.seed), seen: 0, hits: 0 });
    return id;
  }

  /** The first fault that strikes this call at this stage, used up by one; undefined when none does. */
  strike<Stage extends FaultStage>(
    stage: Stage,
    call: { readonly clientId: string; readonly procedure: string },
  ): FaultAt<Stage> | undefined {
    for (const active of this.#active) {
      const { fault } = active;
      if (stages[fault.kind] !== stage) continue;
      if (fault.procedure !== '*' && fault.procedure !== call.procedure) continue;
      if (fault.clientId !== undefined && fault.clientId !== call.clientId) continue;
      active.seen += 1;
      if (active.seen <= fault.afterCalls) continue;
      if (fault.share < 1 && active.draw() >= fault.share) continue;
      active.hits += 1;
      if (fault.times !== null && active.hits >= fault.times) {
        this.#active = this.#active.filter((other) => other !== active);
      }
      return fault as FaultAt<Stage>; // its kind was compared with the stage above
    }
    return undefined;
  }

  /** Waits until the hanging answers are released or this signal says that the client has gone. */
  async hang(gone: AbortSignal): Promise<'released' | 'gone'> {
    if (gone.aborted) return 'gone';
    return new Promise((resolve) => {
      const done = (how: 'released' | 'gone'): void => {
        this.#hanging.delete(release);
        gone.removeEventListener('abort', leave);
        resolve(how);
      };
      const release = (): void => done('released');
      const leave = (): void => done('gone');
      this.#hanging.add(release);
      gone.addEventListener('abort', leave);
    });
  }

  /** Lets every hanging call go on; gives their number. */
  release(): number {
    const waiting = [...this.#hanging];
    for (const release of waiting) release();
    return waiting.length;
  }

  /** Forgets all faults. Calls that hang already stay until they are released. */
  clear(): void {
    this.#active = [];
  }

  report(): { readonly faults: readonly object[]; readonly hanging: number } {
    const faults = this.#active.map(({ id, fault, seen, hits }) => ({ id, ...fault, seen, hits }));
    return { faults, hanging: this.#hanging.size };
  }
}
