/** Letters of a name without case, accents, apostrophes, hyphens and spaces, so that `O'Fake-Ünit` and `ofake unit` are one person. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

export interface NamedPerson {
  readonly firstName: string;
  readonly lastName: string;
  /** `YYYY-MM-DD`; null when the record has none. */
  readonly birthDate: string | null;
}

/** True when first name, last name and birth date agree. Somebody without a birth date, or with an empty name, is nobody's match. */
export function samePerson(one: NamedPerson, other: NamedPerson): boolean {
  const first = normaliseName(one.firstName);
  const last = normaliseName(one.lastName);
  return (
    first !== '' &&
    last !== '' &&
    one.birthDate !== null &&
    one.birthDate === other.birthDate &&
    first === normaliseName(other.firstName) &&
    last === normaliseName(other.lastName)
  );
}
