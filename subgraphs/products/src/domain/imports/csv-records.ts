import { UnreadableFile } from './unreadable-file.ts';

/** One record of a CSV file (RFC 4180), with the line of the file on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** More than any row of a catalog; a quote that is not closed would otherwise swallow the file into memory. */
const longestRecord = 4 * 1024 * 1024;

/**
 * The records of a CSV text, chunk by chunk. Lines end with LF, CRLF or CR; empty lines are skipped; a quote within an
 * unquoted field is text.
 *
 * Our own, because the line of each mistake has to be right: the readers at hand count a CRLF within quotes twice, and
 * blame the end of the file for a quote that was opened long before.
 * @throws UnreadableFile for a quote that is never closed, or is followed by more text
 */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  for await (const chunk of text) yield* reader.read(chunk);
  yield* reader.end();
}

class CsvReader {
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  #fields: string[] = [];
  #field = '';
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;
  #size = 0;
  #afterReturn = false;

  *read(chunk: string): Generator<CsvRecord> {
    for (let at = 0; at < chunk.length; at += 1) {
      const character = chunk[at];
      const isSecondOfPair = character === '\n' && this.#afterReturn;
      this.#afterReturn = character === '\r';
      const endsLine = (character === '\n' || character === '\r') && !isSecondOfPair;

      if (this.#state === 'quoted') {
        if (endsLine) this.#line += 1;
        at += this.#readQuoted(chunk, at);
        continue;
      }
      if (isSecondOfPair) continue;
      if (endsLine) {
        yield* this.#endRecord();
        this.#line += 1;
        this.#recordLine = this.#line;
      } else if (character === ',') this.#endField();
      else if (character === '"' && this.#state !== 'plain') this.#quote();
      else if (this.#state === 'closed') throw this.#textAfterQuote();
      else {
        const end = nextSpecial(chunk, at);
        this.#append(chunk.slice(at, end));
        this.#state = 'plain';
        at = end - 1;
      }
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.#state === 'quoted') {
      const message = `The file is cut short: the quote that opens on line ${this.#quoteLine} is never closed.`;
      throw new UnreadableFile(message, this.#quoteLine);
    }
    yield* this.#endRecord();
  }

  /** Takes what is within quotes up to the next thing that matters; says how many characters more than one it took. */
  #readQuoted(chunk: string, at: number): number {
    if (chunk[at] === '"') {
      this.#state = 'closed';
      return 0;
    }
    const isBreak = chunk[at] === '\n' || chunk[at] === '\r';
    const end = isBreak ? at + 1 : nextInQuotes(chunk, at);
    this.#append(chunk.slice(at, end));
    return end - at - 1;
  }

  /** A quote opens a field, or is the second of two that stand for one. */
  #quote(): void {
    if (this.#state === 'closed') this.#append('"');
    else this.#quoteLine = this.#line;
    this.#state = 'quoted';
  }

  #append(text: string): void {
    this.#field += text;
    this.#size += text.length;
    if (this.#size <= longestRecord) return;
    const message = `The record that begins on line ${this.#recordLine} does not end within 4 MiB; is a quote not closed?`;
    throw new UnreadableFile(message, this.#recordLine);
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'start';
  }

  *#endRecord(): Generator<CsvRecord> {
    const isEmptyLine = this.#fields.length === 0 && this.#state === 'start';
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    this.#size = 0;
    if (!isEmptyLine) yield { line: this.#recordLine, fields };
  }

  #textAfterQuote(): UnreadableFile {
    const message =
      `Line ${this.#line} has text after a closing quote; double the quotes that belong to the text ("" for ")` +
      (this.#quoteLine === this.#line ? '.' : `, or close the one that opens on line ${this.#quoteLine}.`);
    return new UnreadableFile(message, this.#quoteLine);
  }
}

function nextSpecial(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function nextInQuotes(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}
