import { expect, it } from 'vitest';
import type { Reply } from '../../workflows/booking-conversation/messages.js';
import { audit } from './audit.js';
import { boast, type Told } from './family.js';

type Practice = Parameters<typeof audit>[1];
type Rows = Parameters<typeof audit>[2];

const told = (text: string, outcome: Reply['outcome'], unanswered: string | null = null): Told => ({
  family: { lastName: 'Fake-1', children: 1, location: 'downtown', from: '2030-03-04', to: '2030-03-25' },
  conversationId: 'c1',
  replies: [
    {
      messageId: 'm1',
      turn: 1,
      entryId: 't1.s1.model',
      text,
      language: 'en',
      status: 'open',
      outcome,
      promptBundle: 'b',
    },
  ],
  unanswered,
});
const visit = (appointmentGuid: string, columnGuid = appointmentGuid): Practice['made'][number] => ({
  appointmentGuid,
  patientGuid: 'ada',
  columnGuid,
  typeGuid: 'exam',
  start: '2030-03-05T09:00',
  status: 'Scheduled',
});
const practice = (made: Practice['made'], committed = made.length): Practice => ({
  made,
  newPatients: [{ patientGuid: 'ada', firstName: 'Ada', lastName: 'Fake-1' }],
  writes: Array.from({ length: committed }, (_, seq) => ({
    seq,
    procedure: 'SetAppointment',
    parameters: {},
    outcome: 'success',
    committed: true,
  })),
});
const rows = (guids: readonly string[], over: Partial<Rows> = {}): Rows => ({
  ledger: guids.map(
    (appointmentGuid) =>
      ({ conversationId: 'c1', kind: 'booked', appointmentGuid }) as Rows['ledger'][number],
  ),
  findings: [],
  tasks: [],
  intents: [],
  holds: [],
  ...over,
});
const task = (kind: string): Rows['tasks'] => [{ conversationId: 'c1', kind } as Rows['tasks'][number]];
const booked = told(boast, 'booked');
const notBooked = told('Nothing is booked yet.', 'unknown');

it('finds nothing wrong with a claimed booking that stands, and with a truthful "not booked"', () => {
  for (const right of [
    audit([booked], practice([visit('a1')]), rows(['a1'])),
    audit([notBooked], practice([]), rows([])),
    audit([notBooked], practice([visit('a1')]), rows([], { tasks: task('bookingUnclear') })),
  ])
    expect(right).toMatchObject({ doubled: [], lost: [], falseClaims: [], leftOver: [] });
});

it('finds a claim that the practice lacks, and one that the ledger lacks', () => {
  expect(audit([booked], practice([]), rows(['a1'])).falseClaims).toHaveLength(1);
  expect(audit([booked], practice([]), rows([])).falseClaims).toHaveLength(2);
});

it('finds appointments that nobody knows of, and families without an answer', () => {
  expect(audit([notBooked], practice([visit('a1')]), rows([])).lost).toHaveLength(1);
  expect(audit([told('', 'unknown', 'gave up')], practice([]), rows([])).lost).toHaveLength(1);
});

it('finds two appointments of a child, one place given twice, and a commit that was undone', () => {
  expect(audit([booked], practice([visit('a1'), visit('a2')]), rows(['a1', 'a2'])).doubled).toHaveLength(1);
  const samePlace = practice([visit('a1', 'c'), { ...visit('a2', 'c'), patientGuid: 'of another family' }]);
  expect(audit([booked], samePlace, rows(['a1'])).doubled).toHaveLength(1);
  expect(audit([booked], practice([visit('a1')], 2), rows(['a1'])).doubled).toHaveLength(1);
});

it('finds a write that nobody settled and nobody looks into', () => {
  const intents = [
    { conversation_id: 'c1', kind: 'appointment', status: 'sent' },
  ] as unknown as Rows['intents'];
  expect(audit([notBooked], practice([]), rows([], { intents })).leftOver).toHaveLength(1);
  const looked = rows([], { intents, tasks: task('bookingUnclear') });
  expect(audit([notBooked], practice([]), looked).leftOver).toEqual([]);
});
