/** Most entries that one answer holds. */
const mostKeys = 100;

/** The smallest plan takes requests of 10 KB. */
const mostBytes = 10_000;

/**
 * Keys in as few groups as one request each can carry.
 * @param overhead bytes of a request without keys.
 */
export function chunkKeys(keys: readonly string[], overhead: number): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const key of keys) {
    // The key as JSON, and a comma.
    const bytes = Buffer.byteLength(JSON.stringify(key)) + 1;
    const last = chunks.at(-1);
    if (last && last.length < mostKeys && bytes <= room) {
      last.push(key);
      room -= bytes;
    } else {
      chunks.push([key]);
      // `first` grows from one digit to three.
      room = mostBytes - overhead - 2 - bytes;
    }
  }
  return chunks;
}
