import { setTimeout as wait } from 'node:timers/promises';

/** Looks again until it holds. @throws Error when it does not within the time */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { everyMs = 200, timeoutMs = 600_000 }: { everyMs?: number; timeoutMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.`);
    await wait(everyMs);
  }
}
