import type { VisitType } from '../tenant.js';
import { ageInYears, practiceDateOf } from '../time/practice-time.js';

/** Why somebody may not have a kind of visit here. */
export interface VisitProblem {
  readonly code: 'age_rule';
  readonly sayHint: string;
}

/** Checks the age limits of a kind of visit on the practice's today. Null when nothing speaks against it, or the age is unknown. */
export function visitProblem(visit: {
  readonly visitType: Pick<VisitType, 'name' | 'minAgeYears' | 'maxAgeYears'>;
  readonly birthDate: string | null;
  readonly timeZone: string;
  readonly nowUtcMs: number;
}): VisitProblem | null {
  if (visit.birthDate === null) return null;
  const { name, minAgeYears, maxAgeYears } = visit.visitType;
  const age = ageInYears(visit.birthDate, practiceDateOf(visit.nowUtcMs, visit.timeZone));
  if (minAgeYears !== null && age < minAgeYears) {
    return {
      code: 'age_rule',
      sayHint: `${name} is for patients from ${minAgeYears} years on. A colleague can advise.`,
    };
  }
  if (maxAgeYears !== null && age > maxAgeYears) {
    return {
      code: 'age_rule',
      sayHint: `${name} is for patients up to ${maxAgeYears} years. A colleague can advise.`,
    };
  }
  return null;
}
