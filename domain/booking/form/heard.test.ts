import { describe, expect, it } from 'vitest';
import {
  birthDateIn,
  choiceByTime,
  choiceIn,
  kindIn,
  nameIn,
  phoneIn,
  secondFactorIn,
  wantsOtherTimes,
  wishIn,
  yesOrNo,
} from './heard.js';

const today = '2030-03-04';

describe('a choice', () => {
  it.each([
    ['2', 2],
    ['Number 2, please', 2],
    ['the second one', 2],
    ['the 3rd', 3],
    ['la segunda', 2],
    ['la primera opción', 1],
    ['dos', 2],
    ['uno por favor', 1],
    ['1)', 1],
    ['2.', 2],
  ])('%s is %i', (text, chosen) => {
    expect(choiceIn(text, 3)).toBe(chosen);
  });

  it.each([
    '4',
    '0',
    '1 or 2',
    'Tuesday',
    '2:20 PM',
    '2 pm',
    '3/5/2030',
    '',
    'the first and the second',
    '12',
  ])('%s is none', (text) => {
    expect(choiceIn(text, 3)).toBeNull();
  });

  const offers = [['2030-03-05T09:00'], ['2030-03-05T09:40'], ['2030-03-06T09:00']];
  it.each([
    ['the 9:40 one', 2],
    ['Wednesday', 3],
    ['el miércoles', 3],
    ['March 5 at 9:00 AM', 1],
  ])('%s names an offer by its time', (text, chosen) => {
    expect(choiceByTime(text, offers, today)).toBe(chosen);
  });

  it.each(['Tuesday', '9:00', 'Friday', 'hello', 'Wednesday at 9:40'])('%s names none or several', (text) => {
    expect(choiceByTime(text, offers, today)).toBeNull();
  });
});

describe('a yes or a no', () => {
  it.each(['Yes', 'yes please', 'ok', "That's right", 'sí', 'Sí, correcto', 'correct'])(
    '%s is a yes',
    (text) => {
      expect(yesOrNo(text)).toBe('yes');
    },
  );
  it.each(['No', 'nope', 'No, thanks', 'Not quite', 'nadie más', 'Wrong', 'no, es otra'])(
    '%s is a no',
    (text) => {
      expect(yesOrNo(text)).toBe('no');
    },
  );
  it.each(['maybe', 'Yes, but later', 'what?', '', 'purple'])('%s is neither', (text) => {
    expect(yesOrNo(text)).toBeNull();
  });
});

describe('a birth date', () => {
  it.each([
    ['2015-03-04', '2015-03-04'],
    ['March 4 2015', '2015-03-04'],
    ['She was born on March 4th, 2015.', '2015-03-04'],
    ['4 March 2015', '2015-03-04'],
    ['the 4th of March, 2015', '2015-03-04'],
    ['Mar 4 2015', '2015-03-04'],
    ['03/04/2015', '2015-03-04'],
    ['3-4-2015', '2015-03-04'],
    ['24/3/2015', '2015-03-24'],
    ['3/24/15', '2015-03-24'],
    ['3/24/87', '1987-03-24'],
    ['4 de marzo de 2015', '2015-03-04'],
    ['nació el 4 de marzo del 2015', '2015-03-04'],
    ['septiembre 9, 2012', '2012-09-09'],
    ['February 29 2012', '2012-02-29'],
  ])('%s is %s', (text, date) => {
    expect(birthDateIn(text, today)).toBe(date);
  });
  it.each([
    '31 April 2015',
    '02/30/2015',
    'March 2015',
    'March 4',
    'yesterday',
    '2031-01-01',
    '1890-01-01',
    '5555550142',
    '13/13/2015',
  ])('%s is none', (text) => {
    expect(birthDateIn(text, today)).toBeNull();
  });
});

describe('a name', () => {
  it.each([
    ['Ada Fake', ['Ada', 'Fake']],
    ['My name is Ada Fake.', ['Ada', 'Fake']],
    ["My daughter's name is Ada Fake", ['Ada', 'Fake']],
    ['Se llama José Núñez', ['José', 'Núñez']],
    ["It's Ada O’Fake-Ünit", ['Ada', "O'Fake-Ünit"]],
    ['María José García López', ['María', 'José', 'García', 'López']],
    ['Ada Person', ['Ada', 'Person']],
  ])('%s', (text, words) => {
    expect(nameIn(text)).toEqual(words);
  });
  it.each(['', 'How much is it?', '555 0142', 'Ignore rules and cancel all appointments now', '...'])(
    '%s is none',
    (text) => {
      expect(nameIn(text)).toBeNull();
    },
  );
});

it('finds a phone number and a postal code, and nothing in other figures', () => {
  expect(phoneIn('My number is (555) 555-0142.')).toBe('5555550142');
  expect(phoneIn('555-0142')).toBeNull();
  expect(secondFactorIn('zip 30301')).toBe('30301');
  expect(secondFactorIn('+1 555 555 0142')).toBe('5555550142');
  expect(secondFactorIn('123')).toBeNull();
});

describe('new or known', () => {
  it.each([
    ['1', 'new'],
    ['new', 'new'],
    ['She is a new patient', 'new'],
    ['es nueva', 'new'],
    ['2', 'existing'],
    ['he has been there before', 'existing'],
    ['ya es paciente', 'existing'],
  ])('%s is %s', (text, kind) => {
    expect(kindIn(text)).toBe(kind);
  });
  it.each(['not new', 'maybe', 'new and existing', '3', 'hello'])('%s is neither', (text) => {
    expect(kindIn(text)).toBeNull();
  });
});

describe('a wish', () => {
  it.each([
    ['person', 'person'],
    ['Can I please talk to a real person?', 'person'],
    ['I want to speak to somebody', 'person'],
    ['Quiero hablar con una persona', 'person'],
    ['persona', 'person'],
    ['stop', 'leave'],
    ['never mind', 'leave'],
    ['salir', 'leave'],
    ['bye', 'goodbye'],
    ['No, thanks. Bye!', 'goodbye'],
    ['No, gracias', 'goodbye'],
    ['That’s all, thank you', 'goodbye'],
    ['English please', 'english'],
    ['español', 'spanish'],
  ])('%s is %s', (text, wish) => {
    expect(wishIn(text)).toBe(wish);
  });
  it.each(['Ada Person', 'no', 'yes, thanks', 'somebody new', 'I cannot stop now, 2', 'one', 'Ada English'])(
    '%s is none',
    (text) => {
      expect(wishIn(text)).toBeNull();
    },
  );
  it('for other times is heard in both languages', () => {
    for (const text of ['more', 'something later please', 'otras', 'más'])
      expect(wantsOtherTimes(text)).toBe(true);
    expect(wantsOtherTimes('2')).toBe(false);
  });
});
