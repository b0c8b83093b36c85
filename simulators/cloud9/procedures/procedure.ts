import type { VirtualClock } from '../clock.js';
import type { Knobs } from '../knobs.js';
import type { ParameterList, Parameters } from '../parameters.js';
import type { PracticeRecords, SeenRecords } from '../practice-records.js';
import type { WireRecord } from '../response-envelope.js';
import { fill } from '../texts.js';

/** What a procedure answers. A refused write has `committed: false` and left no trace. */
export type Answer =
  | { readonly kind: 'records'; readonly records: readonly WireRecord[] }
  | {
      readonly kind: 'result';
      readonly text: string;
      readonly committed: boolean;
      readonly guid: string | null;
    }
  | { readonly kind: 'error'; readonly code: number; readonly message: string };

/** Everything a procedure may look at while it runs. */
export interface ProcedureCall {
  readonly records: PracticeRecords;
  /** What reads see. Checks of writes use `records`, the truth. */
  readonly seen: SeenRecords;
  readonly parameters: Parameters;
  readonly knobs: Knobs;
  readonly clock: VirtualClock;
}

export interface Procedure extends ParameterList {
  readonly name: string;
  readonly kind: 'read' | 'write';
  /** Where an unreadable value shows: code 3 unless a knob says otherwise. */
  readonly invalidValues?: (knobs: Knobs) => 'envelope' | 'result';
  readonly run: (call: ProcedureCall) => Answer;
}

export const recordsAnswer = (records: readonly WireRecord[]): Answer => ({ kind: 'records', records });

export const done = (text: string, guid: string | null): Answer => ({
  kind: 'result',
  text,
  committed: true,
  guid,
});

/** A business refusal: Success envelope, Result that starts with `Error:` (cloud9.md 3.4). */
export const refused = (text: string): Answer => ({ kind: 'result', text, committed: false, guid: null });

/** Code 3 (cloud9.md 4.1). */
export const invalidParameter = (knobs: Knobs, parameter: string): Answer => ({
  kind: 'error',
  code: 3,
  message: fill(knobs.texts.invalidParameter, { parameter }),
});
