import { z } from 'zod';
import {
  html,
  json,
  narrowYourRequest,
  payloadTooLarge,
  text,
  tooLargeToIngest,
  type Answer,
} from './answer.js';

const page = (status: number, title: string): Answer =>
  html(
    status,
    `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><center><h1>${status} ${title}</h1></center></body></html>`,
  );

/** Faults that are an answer (langfuse.md 6). */
const answers: Readonly<Record<string, Answer>> = {
  '401': json(401, { message: "Invalid credentials. Confirm that you've configured the correct host." }),
  '403': json(403, { message: 'Access denied - insufficient permissions for this endpoint' }),
  '404-html': html(404, '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/></head></html>'),
  '413': tooLargeToIngest,
  '422': narrowYourRequest,
  '422-large': payloadTooLarge,
  '500': json(500, { message: 'Internal Server Error', error: 'An internal error occurred' }),
  '502-html': page(502, 'Bad Gateway'),
  '503': json(503, { message: 'Service Unavailable' }),
  '504-html': page(504, 'Gateway Time-out'),
  '524-html': page(524, 'A timeout occurred'),
  'empty-200': json(200, { data: [], meta: {} }),
  'not-json': text(200, '{"data":[{"id":"'),
};

/** Faults of the connection: nothing, half of the body, a body that trickles, or gzip that is none. */
const wireFaults = ['hang', 'reset', 'resetBody', 'slowBody', 'brokenGzip', '429'] as const;

export const faultSchema = z.strictObject({
  kind: z.string().refine((kind) => kind in answers || (wireFaults as readonly string[]).includes(kind), {
    error: `must be one of ${[...Object.keys(answers), ...wireFaults].join(', ')}`,
  }),
  /** Beginning of the paths that it hits, without `/api/public`. */
  path: z.string().default('/'),
  method: z.string().optional(),
  /** Requests that pass first. */
  after: z.number().int().min(0).default(0),
  times: z.number().int().min(1).default(1),
  /** The request is carried out first: the reply is what gets lost. */
  afterCommit: z.boolean().default(false),
  /** Of `429`. */
  retryAfterSeconds: z.number().int().min(0).default(30),
  /** Of `slowBody`, for the whole body. */
  bodyMs: z.number().int().min(0).default(2_000),
});

export type Fault = z.output<typeof faultSchema>;

/** What a fault answers; null for a fault of the connection. */
export const answerOf = (fault: Fault): Answer | null => answers[fault.kind] ?? null;

/** Ordered faults, first come first hit. */
export class FaultQueue {
  #faults: { fault: Fault; passed: number; hits: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, passed: 0, hits: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  left(): readonly Fault[] {
    return this.#faults.map(({ fault, hits }) => ({ ...fault, times: fault.times - hits }));
  }

  /** The fault that hits this request, if any; it is counted. */
  next(method: string, path: string): Fault | null {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (!path.startsWith(fault.path) || (fault.method !== undefined && fault.method !== method)) continue;
      if (entry.passed < fault.after) {
        entry.passed += 1;
        continue;
      }
      entry.hits += 1;
      if (entry.hits >= fault.times) this.#faults = this.#faults.filter((other) => other !== entry);
      return fault;
    }
    return null;
  }
}
