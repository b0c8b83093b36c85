import { Script } from 'node:vm';

/** Why a text is no JavaScript; null when it is. It is never run. */
export function syntaxErrorOf(code: string): string | null {
  try {
    new Script(code);
    return null;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : 'It cannot be parsed.';
  }
}
