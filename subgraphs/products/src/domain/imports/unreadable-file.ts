/** The file as a whole is not to be trusted: cut short, in a wrong encoding, or not in the format named. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';

  /** @param line first line that could not be read, from 1; null when it is none in particular */
  constructor(
    message: string,
    readonly line: number | null,
  ) {
    super(message);
  }
}
