import { expect, it } from 'vitest';
import { checkAnswer } from '../../agent/claim-check.js';
import type { ClaimFacts } from '../../agent/claim-facts.js';
import { questionWords, remarkWords, type FormRemark, type QuestionFacts } from './form-texts.js';

const facts: QuestionFacts = {
  firstNames: ['Ada', 'Ben'],
  draft: { firstName: 'Ada', lastName: 'Fake', birthDate: '2014-05-06' },
  visitTypes: ['New Patient Exam', 'Adjustment'],
  offices: ['Downtown', 'Lakeside'],
  offers: [
    {
      visits: [
        { firstName: 'Ada', day: 'Tuesday, March 5', time: '9:00 AM', otherZone: true },
        { firstName: 'Ben', day: 'Tuesday, March 5', time: '9:40 AM', otherZone: true },
      ],
      location: 'Lakeside',
    },
  ],
};
const known: ClaimFacts = {
  ledger: [],
  holds: [],
  tasks: [],
  times: ['2030-03-05T09:00', '2030-03-05T09:40'],
  callerTexts: [],
  practiceFacts: [],
  today: '2030-03-04',
};
const problems = (say: string, tasks: readonly string[] = []): unknown =>
  checkAnswer({ claims: [], needs_human: false, language: 'en', say }, { ...known, tasks });

const questions = [
  'known',
  'kind',
  'name',
  'lastName',
  'birthDate',
  'details',
  'phone',
  'secondFactor',
  'another',
  'visitType',
  'office',
  'offer',
] as const;
const remarks: readonly FormRemark[] = [
  'opening',
  'misheard',
  'notFound',
  'noOthers',
  'slotTaken',
  'holdExpired',
  'givenBack',
  'wrongAge',
  'bookedAlready',
  'slow',
  'left',
  'goodbye',
];

it.each(['en', 'es'] as const)('claims nothing with an empty ledger, in %s', (language) => {
  for (const question of questions)
    expect([question, problems(questionWords(question, facts, language))]).toEqual([question, { ok: true }]);
  for (const remark of remarks)
    expect([remark, problems(remarkWords(remark, language))]).toEqual([remark, { ok: true }]);
});

it.each(['en', 'es'] as const)('promises a colleague only with a task, in %s', (language) => {
  expect(problems(remarkWords('callback', language))).toMatchObject({ ok: false });
  expect(problems(remarkWords('callback', language), ['T1'])).toEqual({ ok: true });
});

it('names siblings with their times, the office, and whose time it is', () => {
  expect(questionWords('offer', facts, 'en')).toContain(
    '1) Tuesday, March 5, Ada at 9:00 AM local time, Ben at 9:40 AM local time, Lakeside',
  );
});
