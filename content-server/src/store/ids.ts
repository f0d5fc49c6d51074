import { createHash } from 'node:crypto';

/** An id in the dialect's look (25 signs, base 36, a letter first) that follows from what it names. */
export function idFor(...names: readonly string[]): string {
  const digest = createHash('sha256').update(names.join('\n')).digest('hex');
  return `c${BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(0, 24)}`;
}
