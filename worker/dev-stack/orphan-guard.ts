import { spawn } from 'node:child_process';

/** Ends our process groups when the supervisor is gone without having stopped them (SIGKILL, a crash). */
export interface OrphanGuard {
  add(processGroup: number): void;
  remove(processGroup: number): void;
  /** Call when all children have ended. */
  close(): void;
}

const patienceS = 5;

/**
 * A shell that reads `+ group` and `- group` from us. Its input ends with our life, however that ends; it then sends SIGTERM to the groups
 * that are left, and SIGKILL to those that stay: the next start needs their ports. One small process, in a group of its own so that Ctrl-C
 * does not reach it. `kill -TERM -- -group` is an error in dash; `-s` works in every shell.
 */
const script = `
groups=" "
while read -r sign group; do
  if [ "$sign" = "+" ]; then groups="$groups$group "; else groups=$(echo "$groups" | sed "s/ $group / /"); fi
done
[ "$groups" = " " ] && exit 0
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
sleep ${patienceS}
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done`;

export function startOrphanGuard(): OrphanGuard {
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.on('error', ignore);
  shell.stdin.on('error', ignore);
  shell.unref();
  const tell = (line: string): void => void shell.stdin.write(`${line}\n`);
  return {
    add: (group) => tell(`+ ${group}`),
    remove: (group) => tell(`- ${group}`),
    close: () => shell.stdin.end(),
  };
}

/** Without a shell there is no guard; the stack itself needs none. */
const ignore = (): void => undefined;
