import { Secret } from '../config/secret.js';

/**
 * Names of fields whose values never reach a log: secrets, personal data, and the bodies that hold both (DESIGN rules 2 and 3). The first
 * alternative also matches the end of a longer name (`newPassword`, `x-api-key`, `accessToken`), the second the whole name only.
 */
const hiddenFields =
  /(?:password|passwordHash|secret|token|authorization|cookie|api[-_]?key|master[-_]?key|phone|phone[-_]?number|caller[-_]?number|e[-_]?mail|(?:first|last|full|user|patient|caller)[-_]?name|birth[-_]?date|birthday|postal[-_]?code|second[-_]?factor)$|^(?:name|text|say|caller[-_]?said|body|content|summary|note|address|dob)$/i;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/<(Password|UserName)>[^<]*<\/\1>/gi, '<$1>[redacted]</$1>'],
  // A truncated document has no closing tag.
  [/<(Password|UserName)>[^<]+$/gi, '<$1>[redacted]'],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{6,}=*/gi, '$1 [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]'],
  [/\bsk-[\w-]{8,}/g, '[key]'],
  [/(:\/\/[^\s:/@]+):[^\s/@]+@/g, '$1:[redacted]@'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  [/(?<![\w.-])(?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?\d{3}[ .-]?\d{4}(?![\w-])/g, '[phone]'],
];

const deepest = 6;

const redactText = (text: string): string =>
  patterns.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);

/** A copy of a log event in which secrets and personal data are gone. Errors keep name, type, code, message and stack; cycles end. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Secret) return '[secret]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > deepest) return '[deep]';
  if (value instanceof Error) return redactError(value);
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => redact(item, depth + 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      String(key),
      hiddenFields.test(String(key)) ? '[redacted]' : redact(item, depth + 1),
    ]),
  );
}

/** Other properties of an error may hold whole requests, so only what identifies it is kept. */
function redactError(error: Error & { readonly type?: unknown; readonly code?: unknown }): object {
  return {
    name: error.name,
    ...(typeof error.type === 'string' && { type: error.type }),
    ...((typeof error.code === 'string' || typeof error.code === 'number') && { code: error.code }),
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
  };
}
