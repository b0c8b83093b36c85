import { inactiveStatus, newPatientStatus, observationStatus, retentionStatus } from '../patient-status.js';
import { walkInLastName, type Person } from './invented-patient.js';

type Row = readonly [
  n: number,
  firstName: string,
  lastName: string,
  birthDate: string,
  phone: string,
  postalCode: string,
];

const people = (location: number, rows: readonly Row[]): Person[] =>
  rows.map(([n, firstName, lastName, birthDate, phone, postalCode]) => ({
    n,
    firstName,
    lastName,
    birthDate,
    phone,
    postalCode,
    location,
  }));

const ann: Person = {
  n: 1,
  firstName: 'Ann',
  lastName: 'Sample',
  birthDate: '1986-04-12',
  phone: '0101',
  postalCode: '30301',
  location: 1,
  gender: 'Female',
};
const tess: Person = {
  n: 4,
  firstName: 'Tess',
  lastName: 'Test',
  birthDate: '1984-07-22',
  phone: '0104',
  postalCode: '30304',
  location: 1,
  phoneKind: 'Cell',
};
const finn: Person = {
  n: 15,
  firstName: 'Finn',
  lastName: 'Fake',
  birthDate: '1981-10-02',
  phone: '0115',
  postalCode: '60615',
  location: 2,
};

/** Invented families of `bright-smiles`: patients 1-14 live Downtown, 15-21 at Lakeside. */
export const brightSmilesPeople: readonly Person[] = [
  ann,
  // Her children share her phone and address, as families do.
  { ...ann, n: 2, firstName: 'Ben', birthDate: '2016-05-03', gender: 'Male', parent: ann },
  {
    ...ann,
    n: 3,
    firstName: 'Cara',
    birthDate: '2014-09-21',
    parent: ann,
    balance: { current: 4_025, pastDue: 0, dueNow: 0 },
  },
  tess,
  { ...tess, n: 5, firstName: 'Theo', birthDate: '2013-02-14', parent: tess, status: observationStatus },
  { ...tess, n: 6, firstName: 'Tina', birthDate: '2015-12-01', parent: tess },
  {
    n: 7,
    firstName: 'Gil ',
    lastName: "O'Fake",
    birthDate: '2012-03-19',
    phone: '0107',
    postalCode: '30307',
    location: 1,
    phoneKind: 'Cell',
    secondPhone: { description: 'Home', number: '5555550108' },
    balance: { current: 0, pastDue: 12_500, dueNow: -219 },
    secondAddress: { street: '77 Second Invented Street', postalCode: '30308' },
    comment: 'Prefers mornings.',
  },
  ...people(1, [
    [8, 'Noor', 'Sample-Test', '2011-08-30', '0109', '30309'],
    [9, 'Zoë', 'Fake', '2010-01-05', '0110', '30310'],
    // Same name, different people (cloud9.md 3.2).
    [10, 'Sam', 'Sample', '2012-06-15', '0111', '30311'],
    [11, 'Sam', 'Sample', '2014-06-15', '0112', '30312'],
    [13, 'Ivy', 'Fake', '2009-09-09', '0113', '30313'],
  ]),
  {
    ...tess,
    n: 12,
    firstName: 'Ulf',
    lastName: 'Faketest',
    birthDate: '1999-04-01',
    phone: '',
    postalCode: '',
    status: newPatientStatus,
  },
  {
    ...ann,
    n: 14,
    firstName: 'Old',
    lastName: 'Test',
    birthDate: '1995-05-05',
    phone: '0114',
    status: inactiveStatus,
  },
  finn,
  { ...finn, n: 16, firstName: 'Fern', birthDate: '2013-11-11', parent: finn },
  { ...finn, n: 17, firstName: 'Flo', birthDate: '2015-03-27', parent: finn },
  { ...finn, n: 18, firstName: 'Fritz', birthDate: '2017-08-08', parent: finn },
  ...people(2, [
    [19, 'Max', 'Test', '2012-12-12', '0119', '60619'],
    [20, 'Mia', 'Sample', '2011-05-17', '0120', '60620'],
  ]),
  {
    n: 21,
    firstName: 'Pia',
    lastName: 'Fakeworth',
    birthDate: '2008-02-29',
    phone: '0121',
    postalCode: '60621',
    location: 2,
    status: retentionStatus,
  },
  ...people(1, [[90, 'Desk', walkInLastName, '1990-01-01', '', '']]),
];

const rio: Person = {
  n: 101,
  firstName: 'Rita',
  lastName: 'Testriver',
  birthDate: '1983-03-03',
  phone: '0151',
  postalCode: '85201',
  location: 3,
};

/** Invented families of `river-ortho`. */
export const riverOrthoPeople: readonly Person[] = [
  rio,
  { ...rio, n: 102, firstName: 'Rex', birthDate: '2013-07-07', parent: rio },
  { ...rio, n: 103, firstName: 'Ruby', birthDate: '2015-10-10', parent: rio },
  ...people(3, [
    [104, 'Lou', 'Sample', '2012-04-24', '0154', '85204'],
    [105, 'Lea', 'Fake', '2010-08-18', '0155', '85205'],
    [190, 'Desk', walkInLastName, '1990-01-01', '', ''],
  ]),
];
