import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { authorizationSchema } from './authorization.ts';

/** One change of state, one line. Everything that belongs together is on the same line, so that a kill tears nothing. */
const entrySchema = z.object({
  at: z.string(),
  authorizations: z.array(authorizationSchema).optional(),
  /** An idempotency key that has its result. */
  request: z
    .object({
      key: z.string(),
      fingerprint: z.string(),
      authorizationId: z.string(),
      movementId: z.string().optional(),
    })
    .optional(),
  /** A try that failed before anything was decided. */
  fault: z.object({ key: z.string(), fingerprint: z.string() }).optional(),
  /** A reference for which nothing may be authorized any more. */
  cancelledReference: z.string().optional(),
});
export type JournalEntry = z.output<typeof entrySchema>;

/**
 * An append-only file. A line is with the operating system before the answer to it goes out: it survives the death of
 * this process, though not a power cut.
 */
export class Journal {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /**
   * Opens the file, making it if need be, and reads what it holds. A last line that a kill cut short was never
   * answered for and is dropped. Throws when any other line cannot be read.
   */
  static open(path: string): { journal: Journal; entries: JournalEntry[] } {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a+', 0o600);
    try {
      const content = readFileSync(path);
      const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
      if (whole.length < content.length) ftruncateSync(file, whole.length);

      const lines = whole.toString('utf8').split('\n').slice(0, -1);
      return { journal: new Journal(file), entries: lines.map((line, index) => readEntry(line, index + 1, path)) };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  append(entry: JournalEntry): void {
    const line = Buffer.from(
      `${JSON.stringify(entry, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))}\n`,
    );
    for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readEntry(line: string, number: number, path: string): JournalEntry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`Line ${number} of ${path} is no journal entry: mend or remove the file.`, { cause });
  }
}
