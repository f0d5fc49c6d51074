import { UnreadableFile } from '../unreadable-file.ts';

export interface Line {
  readonly number: number;
  readonly text: string;
  /** Whether the file goes on behind it. */
  readonly isEnded: boolean;
}

const longestLine = 4 * 1024 * 1024;

/** The lines that hold something, chunk by chunk. */
export async function* readLines(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 1;
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') yield { number, text: line, isEnded: true };
      number += 1;
    }
    if (rest.length > longestLine) {
      throw new UnreadableFile(
        `Line ${number} does not end within 4 MiB; put each product on a line of its own.`,
        number,
      );
    }
  }
  if (rest.trim() !== '') yield { number, text: rest, isEnded: false };
}
