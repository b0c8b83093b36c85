// Every invented GUID tells its kind by its first group, as in cloud9.md ("Fake values used here").
const prefixes = {
  location: 'aaaa0000-0000-4000-8000',
  view: 'bbbb0000-0000-4000-8000',
  column: 'cccc0000-0000-4000-8000',
  type: 'dddd0000-0000-4000-8000',
  provider: 'eeee0000-0000-4000-8000',
  patient: 'ffff0000-0000-4000-8000',
  slotClass: '9999aaaa-0000-4000-8000',
  appointment: '99990000-0000-4000-8000',
  person: '55550000-0000-4000-8000',
  address: '66660000-0000-4000-8000',
  relationship: '77770000-0000-4000-8000',
} as const;

/** The nth GUID of a kind; the number is its decimal tail. */
export const guid = (kind: keyof typeof prefixes, n: number): string =>
  `${prefixes[kind]}-${String(n).padStart(12, '0')}`;

/** ClientIDs of the two databases. */
export const clientIds = {
  first: '11111111-1111-4111-8111-111111111111',
  second: '22222222-2222-4222-8222-222222222222',
} as const;
