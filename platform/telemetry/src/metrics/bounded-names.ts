/** What stands for all names beyond those that are told apart. */
export const otherNames = 'other';

const namePattern = /^[\w .:/@-]{1,64}$/;

/**
 * Names that come from outside, as the values of a label: each value is a series of its own for as long as the process
 * lives, so only so many are told apart.
 */
export class BoundedNames {
  readonly #most: number;
  readonly #known: Set<string>;

  /** @param reserved names that have their place, whatever comes before them */
  constructor(most: number, reserved: Iterable<string> = []) {
    this.#known = new Set(reserved);
    this.#most = most + this.#known.size;
  }

  labelOf(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#most || !namePattern.test(name)) return otherNames;
    this.#known.add(name);
    return name;
  }
}
