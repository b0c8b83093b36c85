import { describe, expect, it } from 'vitest';
import { visitProblem } from './visit-rules.js';

const problem = (
  birthDate: string | null,
  limits: { min?: number; max?: number },
  now = '2030-03-05T15:00Z',
) =>
  visitProblem({
    visitType: { name: 'New Patient Exam', minAgeYears: limits.min ?? null, maxAgeYears: limits.max ?? null },
    birthDate,
    timeZone: 'America/New_York',
    nowUtcMs: Date.parse(now),
  });

describe('the age limits of a visit', () => {
  it('let a child in from its birthday on, by the day of the practice', () => {
    expect(problem('2024-03-06', { min: 6 })?.code).toBe('age_rule');
    expect(problem('2024-03-05', { min: 6 })).toBeNull();
    // 6 March in UTC is still 5 March in New York.
    expect(problem('2024-03-06', { min: 6 }, '2030-03-06T04:00Z')?.code).toBe('age_rule');
  });

  it('hold up to the last day of the oldest year', () => {
    expect(problem('2011-03-06', { max: 18 })).toBeNull();
    expect(problem('2011-03-05', { max: 18 })?.code).toBe('age_rule');
  });

  it('say which ages the visit is for, and nothing about the person', () => {
    expect(problem('2027-01-01', { min: 6 })?.sayHint).toBe(
      'New Patient Exam is for patients from 6 years on. A colleague can advise.',
    );
  });

  it('leave somebody of unknown age, and a visit without limits, to the practice', () => {
    expect(problem(null, { min: 6, max: 18 })).toBeNull();
    expect(problem('1930-01-01', {})).toBeNull();
  });
});
