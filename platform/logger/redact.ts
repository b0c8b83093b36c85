import { Secret } from '../config/secret.js';

/** Names of fields whose values never reach a log: secrets, personal data, and the bodies that hold both (DESIGN rules 2 and 3). */
const hiddenFields =
  /^(password|passwordHash|token|authorization|cookie|api_?key|secret|master_?key|phone|email|first_?name|last_?name|birth_?date|name|text|say|body|content|summary|note|second_?factor|postal_?code|address)$/i;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/<(Password|UserName)>[^<]*<\/\1>/gi, '<$1>[redacted]</$1>'],
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]'],
  [/\bsk-[\w-]{8,}/g, '[key]'],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[e-mail]'],
  [/(?<![\w.-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\w-])/g, '[phone]'],
];

const redactText = (text: string): string =>
  patterns.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);

/** A copy of a log event in which secrets and personal data are gone. Errors keep name, message and stack; cycles end. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object')
    return typeof value === 'bigint' ? value.toString() : value;
  if (value instanceof Secret) return '[secret]';
  if (depth > 6) return '[deep]';
  if (value instanceof Error) {
    return { name: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      hiddenFields.test(key) ? '[redacted]' : redact(item, depth + 1),
    ]),
  );
}
