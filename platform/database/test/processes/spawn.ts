import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

export interface Started {
  child: ChildProcess;
  /** The first line it says, parsed. */
  said: Record<string, unknown>;
}

const require = createRequire(join(import.meta.dirname, '../../../../package.json'));
const tsx = pathToFileURL(require.resolve('tsx')).href;

/** Starts a TypeScript program of this folder and waits for its first line. @param uid as which user; ours by default */
export function startProgram(name: string, args: string[], uid?: number): Promise<Started> {
  const child = spawn(process.execPath, ['--import', tsx, join(import.meta.dirname, name), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve({ child, said: JSON.parse(line) }));
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${name} ended with ${code} and said nothing: ${complaint}`)));
  });
}

/** Ends it and waits until it is gone. */
export function end(child: ChildProcess, how: 'leave' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (how === 'leave') child.stdin?.write('leave\n');
  else child.kill(how);
  return gone;
}
