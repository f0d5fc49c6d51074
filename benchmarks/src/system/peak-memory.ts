import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resident memory of a process, in MiB. */
export async function residentMemory(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1024;
}

/** Watches a process while `work` runs. @returns the most it held, in MiB */
export async function peakMemoryDuring(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = await residentMemory(pid);
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= residentMemory(pid).then((now) => {
      peak = Math.max(peak, now);
      looking = undefined;
    });
  }, 250);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await looking;
  }
  return peak;
}
