import type { ReadApi } from './rows.js';

/** Where a Langfuse server keeps its rows (langfuse.md 1). */
export type ServerMode = 'legacy' | 'dual' | 'events_only';

/** Which read API a configuration asks for; `auto` follows the server's mode. */
export type ReadApiChoice = 'auto' | ReadApi;

/** Which API is read: v1 as long as it lives, because v2 of a `dual` server lacks sessions of older traces (langfuse.md 4). */
export function readApiOf(choice: ReadApiChoice, mode: ServerMode): ReadApi {
  if (choice !== 'auto') return choice;
  return mode === 'events_only' ? 'v2' : 'v1';
}

/** What a mode means to the people who operate the import. */
export const modeInWords: Readonly<Record<ServerMode, string>> = {
  legacy:
    'The server keeps traces in its first-generation tables only (v3, or v4 in legacy mode). They are read over the v1 API.',
  dual: 'The server writes both generations of tables. The v1 API is read as long as it answers, because sessions of older traces are missing in v2.',
  events_only:
    'The server keeps events only; its v1 API is gone. Everything is read over v2, where a trace is the sum of its observations.',
};
