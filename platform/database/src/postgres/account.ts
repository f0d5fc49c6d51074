import { execFileSync, type SpawnOptions, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';

/**
 * As whom Postgres runs. It refuses to run as root, so root gives it
 * - `namespace`: a user namespace in which root is called `nobody`. Files stay root's, hence it reaches whatever
 *   root owns, also under a folder that others may not enter.
 * - `user`: an unprivileged user of the machine, where namespaces are forbidden (many container runtimes).
 */
export type Account = { kind: 'self' } | { kind: 'namespace' } | { kind: 'user'; uid: number; gid: number };
export type AccountKind = Account['kind'];

export interface Command {
  file: string;
  args: string[];
  options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

export function commandAs(account: Account, file: string, args: string[]): Command {
  switch (account.kind) {
    case 'self':
      return { file, args, options: {} };
    case 'user':
      return { file, args, options: { uid: account.uid, gid: account.gid } };
    case 'namespace': {
      const { uid, gid } = nobody() ?? { uid: 65534, gid: 65534 };
      const unshare = ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--', file, ...args];
      return { file: 'unshare', args: unshare, options: {} };
    }
  }
}

/** The accounts worth trying here, the best first. */
export function candidateAccounts(clusterFolder: string, kinds?: readonly AccountKind[]): Account[] {
  const candidates = process.getuid?.() === 0 ? rootCandidates(clusterFolder) : unprivilegedCandidates();
  return kinds ? candidates.filter((candidate) => kinds.includes(candidate.kind)) : candidates;
}

function rootCandidates(clusterFolder: string): Account[] {
  const users = [lookUp('postgres'), nobody()].filter((user) => user !== null);
  const owner = ownerOf(clusterFolder);
  // A cluster can only be served by the user who owns it.
  if (owner && owner.uid !== 0) return [{ kind: 'user', ...owner }];
  if (owner) return [{ kind: 'namespace' }];
  return [{ kind: 'namespace' }, ...users.map((user) => ({ kind: 'user', ...user }) as const)];
}

function unprivilegedCandidates(): Account[] {
  // A container's user without a name: initdb insists on one, and a namespace lends it nobody's.
  return [{ kind: 'self' }, { kind: 'namespace' }];
}

/** True when `account` can run `program` and, where given, write in `folder`. */
export function canUse(account: Account, program: string, folder: string): boolean {
  if (process.platform === 'win32') return true;
  const script = 'test -w "$2" && id -un >/dev/null 2>&1 && exec "$1" --version';
  const command = commandAs(account, '/bin/sh', ['-c', script, 'sh', program, folder]);
  return spawnSync(command.file, command.args, { ...command.options, stdio: 'ignore' }).status === 0;
}

/** Hands a file or an empty folder to the account, closed to everybody else. */
export function giveTo(account: Account, path: string, mode: number): void {
  chmodSync(path, mode);
  if (account.kind === 'user') chownSync(path, account.uid, account.gid);
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? { uid: stat.uid, gid: stat.gid } : null;
}

function nobody(): { uid: number; gid: number } | null {
  return lookUp('nobody');
}

function lookUp(user: string): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }).trim());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}
