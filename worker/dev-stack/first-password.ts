import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The line with which the API tells a generated password, once, on stdout (api/main.ts). */
const announcement = /^First administrator: \S+ {2}password: (\S+)$/;

/**
 * Catches the password of the first administrator, which the API generates in the sandbox profile, and keeps it beside the other generated
 * secrets, so that the demo and the printed conversation work on every later start too. In production nothing is generated.
 */
export interface FirstPassword {
  /** Where it is kept. */
  readonly path: string;
  /** Generated a moment ago; null when it is not new. */
  readonly fresh: string | null;
  /** True when the line was the announcement: it need not be printed as well. */
  readonly hear: (line: string) => boolean;
}

export const firstPasswordPath = (dataDir: string): string => join(dataDir, 'first-administrator');

export function watchFirstPassword(dataDir: string): FirstPassword {
  const path = firstPasswordPath(dataDir);
  let fresh: string | null = null;
  return {
    path,
    get fresh() {
      return fresh;
    },
    hear: (line) => {
      const password = announcement.exec(line)?.[1];
      if (password === undefined) return false;
      fresh = password;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${password}\n`, { mode: 0o600 });
      return true;
    },
  };
}

/** The kept password, or null when none was generated here. */
export function readFirstPassword(dataDir: string): string | null {
  try {
    return readFileSync(firstPasswordPath(dataDir), 'utf8').trim();
  } catch {
    return null;
  }
}
