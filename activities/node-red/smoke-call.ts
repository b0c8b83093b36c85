import type { SmokeStep } from '../../domain/deployment/deployment.js';

/** What a call of a smoke step gave; no status = no answer in time. */
export interface CallResult {
  readonly status: number | null;
  readonly text: string;
}

/** Null when it is what the step expects. The answer's text is not quoted: it may hold anything. */
export function errorOf(
  step: Extract<SmokeStep, { kind: 'http' }>,
  { status, text }: CallResult,
): string | null {
  const call = `${step.method} ${step.path}`;
  if (status === null) return `${call} did not answer`;
  if (status !== step.status) return `${call} answered ${status} instead of ${step.status}`;
  if (step.contains !== null && !text.includes(step.contains))
    return `${call} answered ${status} without the expected text`;
  return null;
}
