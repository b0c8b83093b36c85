import { describe, expect, it } from 'vitest';
import {
  beginForm,
  formUnderHold,
  hear,
  underHold,
  withOffers,
  withPerson,
  type BookingForm,
  type FormFacts,
  type FormQuestion,
  type FormStep,
} from './booking-form.js';

const facts: FormFacts = {
  today: '2030-03-04',
  visitTypes: [
    { key: 'exam', name: 'New Patient Exam' },
    { key: 'adjustment', name: 'Adjustment' },
  ],
  offices: [
    { key: 'downtown', name: 'Downtown' },
    { key: 'lakeside', name: 'Lakeside' },
  ],
  known: [],
  offerTimes: [],
  heldTimes: [],
};

/** The form after these answers, each of which must have led to a next question. */
function after(form: BookingForm, ...texts: string[]): BookingForm {
  return texts.reduce((now, text) => {
    const step = hear(now, text, facts);
    if (step.kind !== 'ask') throw new Error(`${JSON.stringify(text)} led to ${step.kind}`);
    return step.form;
  }, form);
}
const asks = (step: FormStep): FormQuestion | null => (step.kind === 'ask' ? step.form.question : null);
const start = beginForm([], null);

describe('somebody new', () => {
  const details = after(start, 'new', 'Ada Fake', 'May 6 2014');

  it('is entered after name, birth date, a yes to both, and a phone number', () => {
    expect(details).toMatchObject({ question: 'details', draft: { birthDate: '2014-05-06' } });
    const step = hear(after(details, 'yes'), '555-555-0142', facts);
    expect(step).toMatchObject({
      kind: 'enter',
      person: { firstName: 'Ada', lastName: 'Fake', birthDate: '2014-05-06' },
      phone: '5555550142',
    });
  });

  it('is asked again from the name on when something was heard wrong', () => {
    expect(after(details, 'no')).toMatchObject({ question: 'name', draft: { kind: 'new', firstName: '' } });
  });

  it('gives the phone number of the family once', () => {
    expect(hear({ ...details, phone: '5555550142' }, 'yes', facts)).toMatchObject({ kind: 'enter' });
  });

  it('with several first and last names is asked which of them are the last', () => {
    const named = after(start, 'new', 'María José García López', 'García López');
    expect(named.draft).toMatchObject({ firstName: 'María José', lastName: 'García López' });
  });
});

describe('a patient of the practice', () => {
  it('is looked up only with a second factor', () => {
    const form = after(start, '2', 'Ben Fake', '2/3/2012', 'yes');
    expect(form.question).toBe('secondFactor');
    expect(hear(form, 'I do not know', facts)).toEqual({ kind: 'again' });
    expect(hear(form, '30301', facts)).toMatchObject({ kind: 'identify', secondFactor: '30301' });
  });
});

describe('the visit', () => {
  const entered: BookingForm = { ...start, question: 'another', people: ['P1'] };

  it('is searched once kind and office are known; what leaves no choice is not asked', () => {
    expect(asks(hear(entered, 'no', facts))).toBe('visitType');
    expect(hear(after(entered, 'no', '1'), 'lakeside', facts)).toMatchObject({
      kind: 'search',
      form: { visitType: 'exam', office: 'lakeside' },
    });
    const one = { ...facts, visitTypes: facts.visitTypes.slice(0, 1), offices: facts.offices.slice(0, 1) };
    expect(hear(entered, 'no', one)).toMatchObject({ kind: 'search', form: { visitType: 'exam' } });
  });

  it('takes six people at most', () => {
    const five = { ...start, people: ['P1', 'P2', 'P3', 'P4', 'P5'] };
    expect(asks(withPerson(five, 'P6', facts))).toBe('visitType');
    expect(asks(withPerson(five, 'P5', facts))).toBe('another');
  });

  it('is for people who are known already when the caller says so', () => {
    const known = { ...facts, known: ['P1', 'P2'] };
    const form = beginForm(known.known, null);
    expect(form.question).toBe('known');
    expect(hear(form, 'yes', known)).toMatchObject({ form: { question: 'visitType', people: ['P1', 'P2'] } });
    expect(asks(hear(form, 'no', known))).toBe('kind');
  });
});

describe('an offer', () => {
  const offered = withOffers(start, [['S1'], ['S2']]);
  const form = offered.kind === 'ask' ? offered.form : start;
  const times = { ...facts, offerTimes: [['2030-03-05T09:00'], ['2030-03-06T09:40']] };

  it('is taken by number, by day or by time', () => {
    for (const text of ['2', 'the second', 'Wednesday', '9:40'])
      expect(hear(form, text, times)).toMatchObject({ kind: 'hold', offer: ['S2'] });
  });

  it('may be another one, behind the last', () => {
    expect(hear(form, 'more', times)).toMatchObject({ kind: 'search', form: { from: '2030-03-07' } });
  });

  it('that was not made is not taken', () => {
    for (const text of ['3', '1 or 2', 'Friday', 'yes'])
      expect(hear(form, text, times)).toEqual({ kind: 'again' });
  });
});

describe('consent', () => {
  const held = { ...facts, heldTimes: ['2030-03-05T09:00'] };
  const form = formUnderHold(['P1'], 'exam', 'downtown');

  it.each([
    ['Yes, please', 'confirm'],
    ['sí, por favor', 'confirm'],
    ['Yes, Tuesday at 9:00 AM', 'confirm'],
    ['Yes, Wednesday', 'again'],
    ['maybe', 'again'],
    ['1', 'again'],
    ['No', 'giveBack'],
    ['person', 'person'],
    ['stop', 'leave'],
  ])('%s: %s', (text, kind) => {
    expect(hear(form, text, held).kind).toBe(kind);
  });

  it('is asked for under every hold', () => {
    expect(asks(underHold(start))).toBe('consent');
  });
});

it('lets the caller have a person, leave, or change the language at every question; and say goodbye before anything was asked', () => {
  const questions: FormQuestion[] = [
    'kind',
    'name',
    'lastName',
    'birthDate',
    'details',
    'phone',
    'secondFactor',
  ];
  for (const question of [...questions, 'another', 'visitType', 'office', 'offer', 'consent'] as const) {
    const form: BookingForm = { ...start, question };
    expect(hear(form, 'A person, please', facts)).toEqual({ kind: 'person' });
    expect(hear(form, 'salir', facts)).toEqual({ kind: 'leave' });
    expect(hear(form, 'español', facts)).toEqual({ kind: 'speak', language: 'es' });
  }
  expect(hear(start, 'No thanks, bye', facts)).toEqual({ kind: 'goodbye' });
});
