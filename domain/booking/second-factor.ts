/** Ten digits of a North American phone number, whatever its spelling; null when it is none. A leading country code 1 is dropped. */
export function normalisePhone(text: string): string | null {
  const digits = text.replace(/\D/g, '');
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  return national.length === 10 ? national : null;
}

/** The five digits of a US postal code, with or without its +4; null when it is none. */
function normalisePostalCode(text: string): string | null {
  return /^\s*(\d{5})(?:-?\d{4})?\s*$/.exec(text)?.[1] ?? null;
}

/** True when what the caller gave is the phone number or the postal code on file. Nothing on file matches nothing. */
export function secondFactorMatches(
  given: string,
  onFile: { readonly phone: string; readonly postalCode: string },
): boolean {
  const phone = normalisePhone(given);
  if (phone !== null) return phone === normalisePhone(onFile.phone);
  const postalCode = normalisePostalCode(given);
  return postalCode !== null && postalCode === normalisePostalCode(onFile.postalCode);
}
