import { UnreadableFile } from './unreadable-file.ts';

const lineFeed = 0x0a;

/**
 * The text of a file in UTF-8, with or without byte order mark, chunk by chunk.
 * @throws UnreadableFile that names the first line which is not UTF-8
 */
export async function* readText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let isFirst = true;
  // Bytes of the line that the chunk before left unfinished: only they and the chunk can hold the mistake.
  let unfinished = Buffer.alloc(0);

  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    if (isFirst) refuseUtf16(chunk);
    isFirst = false;
    const text = decode(
      () => decoder.decode(chunk, { stream: true }),
      () => Buffer.concat([unfinished, chunk]),
      line,
    );
    if (text.includes('\0')) throw notText(line + count(text.slice(0, text.indexOf('\0'))));
    line += count(text);
    const end = chunk.lastIndexOf(lineFeed);
    unfinished =
      end < 0 ? Buffer.concat([unfinished, chunk]).subarray(-longestTail) : Buffer.from(chunk.subarray(end + 1));
    yield text;
  }
  const rest = decode(
    () => decoder.decode(),
    () => unfinished,
    line,
  );
  if (rest) yield rest;
}

/** Enough of an overlong line to find the mistake in; the line's number is right all the same. */
const longestTail = 1_024 * 1_024;

function decode(attempt: () => string, suspects: () => Buffer, firstLine: number): string {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const line = firstLine + wrongLine(suspects());
    throw new UnreadableFile(`Line ${line} is not UTF-8; save the file in the encoding UTF-8.`, line);
  }
}

/** How many lines of these come before the first that is not UTF-8. */
function wrongLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let before = 0;
  for (let start = 0; start < bytes.length; before += 1) {
    const end = bytes.indexOf(lineFeed, start);
    const stop = end < 0 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(start, stop));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return before;
    }
    start = stop + 1;
  }
  return Math.max(before - 1, 0);
}

function refuseUtf16(chunk: Uint8Array): void {
  const [first, second] = chunk;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnreadableFile('The file is in UTF-16; save it in the encoding UTF-8.', 1);
  }
}

const notText = (line: number) =>
  new UnreadableFile(
    `Line ${line} holds a zero byte, so this is no UTF-8 text; save the file in the encoding UTF-8.`,
    line,
  );

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
