/** Names, notes and messages of others are data: what is shown or sent on has no control, zero-width or direction characters (claude.md 6). */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

const longestName = 60;

/** A name as it may be shown, spoken and stored: one line, single spaces, at most 60 characters. May be empty. */
export const displayName = (text: string): string =>
  text.replace(invisible, ' ').replace(/\s+/g, ' ').trim().slice(0, longestName).trim();
