/**
 * One thing that is wrong with flows, told so that an operator finds it in the editor. Errors keep flows from being sent; warnings are shown.
 */
export interface FlowProblem {
  /** Stable name of the rule, for tests and for lists. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** Null when the problem is not one node's. */
  readonly nodeId: string | null;
  /** The tab or subflow definition of the node; null outside all. */
  readonly tabId: string | null;
  /** The property, nested ones with dots (`wires.0.1`). */
  readonly property: string | null;
  readonly reason: string;
}

/** The problems that keep flows from being sent. */
export const errorsOf = (problems: readonly FlowProblem[]): readonly FlowProblem[] =>
  problems.filter(({ severity }) => severity === 'error');
