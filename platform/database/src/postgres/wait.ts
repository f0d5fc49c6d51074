import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks every `everyMs` until the answer is not null.
 * @returns the answer, or null when `timeoutMs` went by without one
 */
export async function waitFor<T>(
  ask: () => T | null | Promise<T | null>,
  { timeoutMs, everyMs = 20 }: { timeoutMs: number; everyMs?: number },
): Promise<T | null> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() >= deadline) return null;
    await delay(everyMs);
  }
}
