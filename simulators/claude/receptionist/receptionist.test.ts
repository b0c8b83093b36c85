import { describe, expect, it, test } from 'vitest';
import { talk } from '../testing/invented-practice.js';

// Today is Thursday, 7 March 2030.

describe('a new family', () => {
  it('books one child, asking for nothing that was said already', () => {
    const { say, of } = talk();
    expect(say('Hi')).toMatch(/How can I help/);
    expect(say('I need an appointment for my son Leo Fox, born 2015-03-04')).toMatch(/first visit/);
    expect(say('yes it is')).toMatch(/phone number/);
    expect(say('555-555-0142')).toMatch(/Downtown or Lakeside/);
    expect(say('Downtown, next Tuesday')).toMatch(/Tuesday, March 12 at 9:00 AM/);
    expect(say('the second one')).toMatch(/holding Leo on Tuesday, March 12 at 10:20 AM.*yes or no/);
    expect(of('confirm_booking')).toHaveLength(0);
    expect(say('Yes please, he is a bit nervous')).toMatch(/Leo is booked for Tuesday, March 12 at 10:20 AM/);
    expect(of('start_new_patient')).toEqual([
      { first_name: 'Leo', last_name: 'Fox', birth_date: '2015-03-04', phone: '5555550142', email: null },
    ]);
    expect(of('find_slots')).toMatchObject([
      { visit_type: 'exam', location: 'downtown', from: '2030-03-12', to: '2030-03-12', patients: ['P1'] },
    ]);
    expect(of('confirm_booking')).toMatchObject([{ hold: 'H1' }]);
    say('no thanks, bye');
    expect(of('end_conversation')).toEqual([{ outcome: 'booked' }]);
  });

  it('books three children together from one impatient message', () => {
    const { say, of } = talk();
    const offer = say(
      "We're new. I'm Ann Fox and want appointments for my kids Leo, Mia and Zoe, born 3/4/2015, 05/06/2016 and 7 August 2017. Phone (555) 555-0142. Downtown, any afternoon next week",
    );
    expect(offer).toMatch(/Monday, March 11 at 1:00 PM/);
    expect(
      of('start_new_patient').map(({ first_name, last_name, birth_date }) => [
        first_name,
        last_name,
        birth_date,
      ]),
    ).toEqual([
      ['Leo', 'Fox', '2015-03-04'],
      ['Mia', 'Fox', '2016-05-06'],
      ['Zoe', 'Fox', '2017-08-07'],
    ]);
    expect(of('find_slots')).toMatchObject([
      { from: '2030-03-11', to: '2030-03-15', part_of_day: 'afternoon', patients: ['P1', 'P2', 'P3'] },
    ]);
    say('the first');
    expect(of('hold_slots')).toEqual([
      {
        visits: [
          { patient: 'P1', slot: 'S1' },
          { patient: 'P2', slot: 'S2' },
          { patient: 'P3', slot: 'S3' },
        ],
      },
    ]);
    const booked = say('yes, book it');
    for (const name of ['Leo', 'Mia', 'Zoe']) expect(booked).toContain(`${name} is booked`);
  });

  it('understands names in lower case when it has asked for them, and a missing last name', () => {
    const { say, of } = talk();
    say('i want to book an appointment for my daughter, first visit');
    expect(say('mia')).toMatch(/last name/);
    expect(say('fox')).toMatch(/Mia's birth date/);
    expect(say('may 6 2016')).toMatch(/phone/);
    say('5555550142');
    expect(of('start_new_patient')).toMatchObject([
      { first_name: 'Mia', last_name: 'Fox', birth_date: '2016-05-06' },
    ]);
  });
});

describe('the wish', () => {
  const offered = () => {
    const conversation = talk();
    conversation.say('New patient Leo Fox, 2015-03-04, 5555550142, book an appointment Downtown on Tuesday');
    return conversation;
  };
  const lastSearch = ({ of }: ReturnType<typeof talk>) => of('find_slots').at(-1);

  test.each([
    ['another day please', { from: '2030-03-13', to: '2030-04-03' }],
    ['the 14th would be better', { from: '2030-03-14', to: '2030-03-14' }],
    ['next Friday?', { from: '2030-03-15', to: '2030-03-15' }],
    ['how about this Friday', { from: '2030-03-08', to: '2030-03-08' }],
    ['in two weeks', { from: '2030-03-21', to: '2030-03-28' }],
    ['something later in the day', { from: '2030-03-12', part_of_day: 'afternoon' }],
    ['after 3 works better', { from: '2030-03-12', part_of_day: 'afternoon' }],
    ['at Lakeside instead', { from: '2030-03-12', location: 'lakeside' }],
    ['March 20', { from: '2030-03-20', to: '2030-03-20' }],
    ['sooner', { from: '2030-03-08', to: '2030-03-11' }],
  ])('%s', (words, search) => {
    const conversation = offered();
    conversation.say(words);
    expect(conversation.of('hold_slots')).toHaveLength(0);
    expect(lastSearch(conversation)).toMatchObject(search);
  });

  test.each([
    ['10:20', 'S2'],
    ['the 9 one', 'S1'],
    ['2pm works', 'S3'],
    ['third please', 'S3'],
    ['the last one', 'S3'],
    ['either is fine', 'S1'],
    ['yes please', 'S1'],
    ['2', 'S2'],
  ])('chooses with "%s"', (words, slot) => {
    const conversation = offered();
    conversation.say(words);
    expect(conversation.of('hold_slots')).toEqual([{ visits: [{ patient: 'P1', slot }] }]);
  });

  it('holds another choice when the caller changes it, and books nothing after a no', () => {
    const conversation = offered();
    conversation.say('the first');
    expect(conversation.say('no wait, the third')).toMatch(/2:00 PM/);
    expect(conversation.say('no')).toMatch(/do not book/);
    conversation.say('yes');
    expect(conversation.of('confirm_booking')).toHaveLength(0);
  });

  it('asks again when the yes comes with a question, and answers the question', () => {
    const conversation = offered();
    conversation.say('the first');
    expect(conversation.say('Yes please. What are your opening hours?')).toMatch(
      /Opening hours of Downtown.*yes or no/,
    );
    expect(conversation.of('confirm_booking')).toHaveLength(0);
    expect(conversation.say('yes')).toContain('booked');
  });

  it('says that a time was taken, and offers others', () => {
    const conversation = offered();
    conversation.say('the first');
    conversation.fail('confirm_booking', 'slot_taken', 'Someone else has just taken that time.');
    expect(conversation.say('yes')).toMatch(/Someone else has just taken.*I have these times/);
  });

  it('looks further when the day is full, and says so', () => {
    const conversation = talk();
    conversation.fail('find_slots', 'none_free', 'Nothing is free in that period.');
    const words = conversation.say(
      'New patient Leo Fox, 2015-03-04, 5555550142, book an appointment Downtown on Tuesday',
    );
    expect(words).toMatch(/Nothing is free on the days that you named. I have these times/);
    expect(lastSearch(conversation)).toMatchObject({ from: '2030-03-12', to: '2030-04-09' });
  });
});

describe('a known patient', () => {
  const ann = 'Ben Sample, born May 3 2016, phone 555-555-0101';
  const visits = [
    { firstName: 'Ben', start: '2030-03-19T10:00' },
    { firstName: 'Cara', start: '2030-03-19T10:20' },
  ];

  it('moves the one appointment to the time wished for in the first message', () => {
    const { say, of } = talk(visits);
    expect(say("I'd like to move Ben's appointment from Tuesday to Thursday afternoon")).toMatch(
      /last name|birth date/,
    );
    expect(say(ann)).toMatch(/Thursday, March 14 at 1:00 PM/);
    expect(of('find_slots')).toMatchObject([
      {
        visit_type: 'adjustment',
        location: 'downtown',
        from: '2030-03-14',
        part_of_day: 'afternoon',
        patients: ['P1'],
      },
    ]);
    expect(say('the one at 4')).toMatch(/Shall I move the visit/);
    expect(say('yes please')).toMatch(/Ben is moved to Thursday, March 14 at 4:00 PM/);
    expect(of('reschedule')).toMatchObject([{ appointment: 'A1', hold: 'H1' }]);
    expect(of('confirm_booking')).toHaveLength(0);
  });

  it('cancels only after a yes, and both when both were asked for', () => {
    const { say, of } = talk(visits);
    say('Please cancel the appointments of both kids');
    expect(say('Ben and Cara Sample, Ben 2016-05-03, Cara Sept 21 2014, 555-555-0101')).toMatch(
      /really cancel the visit of Ben/,
    );
    expect(say('yes')).toMatch(/It is cancelled. Shall I really cancel the visit of Cara/);
    expect(say('yes')).toMatch(/It is cancelled. Is there anything else/);
    expect(of('identify_patient')).toHaveLength(2);
  });

  it('leaves the appointment when the caller thinks better of it', () => {
    const { say, of } = talk(visits);
    say('cancel my appointment please');
    say(ann);
    expect(say('no, leave it')).toMatch(/leave it as it is/);
    expect(of('cancel')).toHaveLength(1);
  });

  it('tells the upcoming visits', () => {
    const { say } = talk(visits);
    say('When is our next appointment?');
    expect(say(ann)).toMatch(/Ben on Tuesday, March 19 at 10:00 AM, Downtown/);
  });

  it('is not looked up twice with the same details, and is offered a person', () => {
    const { say, of, fail } = talk(visits);
    say('cancel my appointment please');
    fail('identify_patient', 'not_found', 'I could not find a record that matches all of these details.');
    expect(say(ann)).toMatch(/could not find.*connect you with a colleague/);
    expect(say('yes')).toMatch(/passed this on/);
    expect(of('identify_patient')).toHaveLength(1);
  });
});

describe('anything else', () => {
  it('hands over when asked for a person', () => {
    const { say, of } = talk();
    expect(say('Can I talk to a person?')).toMatch(/passed this on/);
    expect(of('transfer_to_human')).toHaveLength(1);
  });

  it('tells an emergency to call 911, and the staff', () => {
    const { say, of } = talk();
    expect(say('My son fell and his mouth is bleeding badly')).toContain('911');
    expect(of('transfer_to_human')).toHaveLength(1);
  });

  it('tells address, hours and phone number as the prompt has them', () => {
    const { say } = talk();
    const words = say('What is your address and when are you open?');
    expect(words).toContain('Downtown: 1 Sample Street.');
    expect(words).toContain('Opening hours of Downtown: Monday to Tuesday 8:00 AM to 5:00 PM.');
  });

  it('offers a person after two answers that it does not understand', () => {
    const { say, of } = talk();
    say('hello');
    const first = say('purple elephants');
    expect(say('qwertz uiop')).toBe(`Sorry, I did not understand that. ${first}`);
    expect(say('asdf')).toMatch(/connect you with a colleague/);
    say('yes please');
    expect(of('transfer_to_human')).toHaveLength(1);
  });

  it('takes a change of mind', () => {
    const { say, of } = talk();
    say('I want to book an appointment');
    expect(say('Actually never mind')).toMatch(/How else can I help/);
    say("that's all, bye");
    expect(of('end_conversation')).toEqual([{ outcome: 'information' }]);
  });
});

describe('what else a caller may want', () => {
  const ben = 'Ben Sample, born May 3 2016, phone 555-555-0101';
  const visits = [
    { firstName: 'Ben', start: '2030-03-19T10:00' },
    { firstName: 'Cara', start: '2030-03-19T10:20' },
  ];

  it('confirms that somebody is coming, after a question when they did not say it in the same breath', () => {
    const { say, of } = talk(visits);
    say("Please confirm I'm bringing Ben on Tuesday, I want to confirm his appointment");
    expect(say(ben)).toMatch(/tell the practice that you are coming: Ben on Tuesday, March 19.*yes or no/);
    expect(say('yes')).toMatch(/visit of Ben on Tuesday, March 19 at 10:00 AM, Downtown is confirmed/);
    expect(of('confirm_attendance')).toHaveLength(2);
    expect(of('confirm_booking')).toHaveLength(0);
  });

  it('asks the practice for its hours and its address, and goes on with what was asked before', () => {
    const { say, of } = talk();
    say('I want to book an appointment');
    expect(say('Where are you and what are your hours?')).toMatch(
      /Opening hours of Downtown: Monday to Tuesday 8:00 AM to 5:00 PM\. Downtown: 1 Sample Street\. .*first visit with us\?/,
    );
    expect(of('practice_info')).toEqual([{ topic: 'hours' }, { topic: 'address' }]);
  });

  it('puts a family on the waiting list when nothing suits', () => {
    const { say, of } = talk();
    say(
      'New patients Leo and Mia Fox, 2015-03-04 and 2016-05-06, 5555550142, book appointments Downtown on Tuesday',
    );
    expect(say('No, please put both of us on the waiting list, in the afternoon')).toMatch(
      /Leo and Mia are on the waiting list/,
    );
    expect(of('join_waitlist')).toMatchObject([
      { patient: 'P1', visit_type: 'exam', location: 'downtown', part_of_day: 'afternoon' },
      { patient: 'P2' },
    ]);
  });

  it('notes the insurance of a known patient', () => {
    const { say, of } = talk(visits);
    say('Our insurance is Invented Dental, member number X-12345');
    expect(say(ben)).toMatch(/noted the insurance of Ben/);
    expect(of('save_insurance')).toEqual([
      { patient: 'P1', insurer: 'Invented Dental', member_id: 'X-12345', policy_holder: null },
    ]);
  });

  it('moves both visits, one after the other', () => {
    const { say, of } = talk(visits);
    say('Move both appointments to Thursday please');
    say('Ben Sample, 2016-05-03, and Cara Sample, 2014-09-21, 555-555-0101');
    say('the first');
    expect(say('yes')).toMatch(/Ben is moved to.*Now the other one: Cara on Tuesday/);
    expect(say('Friday')).toMatch(/Friday, March 8/);
    say('the first');
    expect(say('yes')).toMatch(/Cara is moved to Friday/);
    expect(of('reschedule')).toMatchObject([{ appointment: 'A1' }, { appointment: 'A2' }]);
  });

  it('takes another time for a child who is being offered one as a choice, not as a move', () => {
    const { say, of } = talk();
    say('New patient Mia Fox, 2016-05-06, 5555550142, book an appointment Downtown on Tuesday');
    say('another time for Mia please');
    expect(of('find_slots')).toHaveLength(2);
    expect(of('list_my_appointments')).toHaveLength(0);
  });

  it('looks for a time for Mia, and does not move the visit that Leo has', () => {
    const { say, of } = talk([{ firstName: 'Leo', start: '2030-03-19T10:00' }]);
    say('I need another time for Mia');
    say('Mia and Leo Fox, 2016-05-06 and 2015-03-04, 5555550142, Mia Downtown');
    expect(of('find_slots').at(-1)).toMatchObject({ patients: ['P1'] });
    say('the first');
    say('yes');
    expect(of('confirm_booking')).toHaveLength(1);
    expect(of('reschedule')).toHaveLength(0);
  });
});

describe('in Spanish', () => {
  const visits = [{ firstName: 'Ben', start: '2030-03-19T10:00' }];

  it('books one new child', () => {
    const { say, of } = talk([], 'es');
    expect(say('Hola')).toMatch(/¿En qué puedo ayudarle\?/);
    expect(say('Necesito una cita para mi hijo Leo Fox, nacido el 4 de marzo de 2015')).toMatch(
      /primera visita/,
    );
    expect(say('Sí')).toMatch(/teléfono/);
    expect(say('555-555-0142')).toMatch(/Downtown o Lakeside/);
    expect(say('Downtown, el próximo martes')).toMatch(/martes, 12 de marzo a las 9:00 AM/);
    expect(say('la segunda')).toMatch(/Leo, martes, 12 de marzo a las 10:20 AM.*diga sí o no/);
    expect(of('confirm_booking')).toHaveLength(0);
    expect(say('Sí, por favor')).toMatch(/La cita de Leo está reservada: martes, 12 de marzo a las 10:20 AM/);
    expect(of('start_new_patient')).toMatchObject([
      { first_name: 'Leo', last_name: 'Fox', birth_date: '2015-03-04', phone: '5555550142' },
    ]);
    expect(say('No, gracias, adiós')).toMatch(/Gracias/);
    expect(of('end_conversation')).toEqual([{ outcome: 'booked' }]);
  });

  it('books three children together from one message, when the caller speaks Spanish in an English conversation', () => {
    const { say, of } = talk();
    const offer = say(
      'Somos nuevos. Quiero citas para mis hijos Leo, Mia y Zoe Fox, nacidos el 4 de marzo de 2015, 6 de mayo de 2016 y 7 de agosto de 2017. Teléfono 555-555-0142. Downtown, la próxima semana por la tarde',
    );
    expect(offer).toMatch(/lunes, 11 de marzo a las 1:00 PM/);
    say('el primero');
    const booked = say('sí, resérvelo');
    for (const name of ['Leo', 'Mia', 'Zoe']) expect(booked).toContain(`La cita de ${name} está reservada`);
    expect(of('start_new_patient').map(({ birth_date }) => birth_date)).toEqual([
      '2015-03-04',
      '2016-05-06',
      '2017-08-07',
    ]);
  });

  it('moves and cancels the visit of a known patient', () => {
    const { say, of } = talk(visits, 'es');
    say('Quiero cambiar la cita de Ben al jueves por la tarde');
    expect(say('Ben Sample, 3 de mayo de 2016, 555-555-0101')).toMatch(/jueves, 14 de marzo a las 1:00 PM/);
    expect(say('a las 4')).toMatch(/Cambio la visita/);
    expect(say('sí')).toMatch(/La cita de Ben está cambiada: jueves, 14 de marzo a las 4:00 PM/);
    say('Ahora quiero cancelar la cita');
    expect(say('sí')).toMatch(/La cita está cancelada/);
    expect(of('reschedule')).toHaveLength(1);
    expect(of('cancel')).toHaveLength(2);
  });

  it('confirms, tells the hours, joins the waiting list and notes the insurance', () => {
    const { say, of } = talk(visits, 'es');
    say('Quiero confirmar la cita de Ben');
    expect(say('Ben Sample, 3 de mayo de 2016, 555-555-0101')).toMatch(/vendrán: Ben, martes, 19 de marzo/);
    expect(say('sí')).toMatch(/La visita está confirmada/);
    expect(say('¿Cuál es su horario?')).toMatch(/Horario de Downtown: lunes a martes de 8:00 AM a 5:00 PM/);
    expect(say('Póngame en la lista de espera en Downtown')).toMatch(/Ben está en la lista de espera/);
    expect(say('Nuestro seguro es Invented Dental, miembro X-12345')).toMatch(/Anoté el seguro de Ben/);
    expect(of('save_insurance')).toMatchObject([{ insurer: 'Invented Dental', member_id: 'X-12345' }]);
  });

  it('connects with a person', () => {
    const { say, of } = talk([], 'es');
    expect(say('Quiero hablar con una persona')).toMatch(/colega se comunicará/);
    expect(of('transfer_to_human')).toHaveLength(1);
  });
});
