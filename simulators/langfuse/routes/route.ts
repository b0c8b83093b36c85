import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../answer.js';
import type { Deprecated } from '../deprecation.js';
import type { Bucket } from '../rate-limits.js';
import type { Project, Simulation } from '../simulation.js';
import type { Query } from './query.js';

export interface Call {
  readonly simulation: Simulation;
  readonly project: Project;
  readonly query: Query;
  /** Parts of the path that the pattern leaves open, decoded. */
  readonly parts: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly nowMs: number;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/public`; `*` is one open part. */
  readonly pattern: string;
  /** null = not limited. */
  readonly bucket: Bucket | null;
  /** A v1 endpoint: `events_only` does not have it, Cloud marks it. */
  readonly deprecated: Deprecated | null;
  readonly handle: (call: Call) => Answer;
  /** Answers a public key as Bearer by itself instead of 403. */
  readonly bearer?: (call: Omit<Call, 'project'>) => Answer;
}
