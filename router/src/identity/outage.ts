/** Who is told when something cannot be had any more, and when it can again. */
interface Told {
  began(error: unknown): void;
  ended(): void;
}

/** Tells of an outage once, and once of its end, however many attempts fail meanwhile. */
export class Outage {
  readonly #told: Told;
  #isOn = false;

  constructor(told: Told) {
    this.#told = told;
  }

  /** What becomes of the attempt becomes of this. */
  async watch<Result>(attempt: () => Promise<Result>): Promise<Result> {
    try {
      const result = await attempt();
      if (this.#isOn) this.#told.ended();
      this.#isOn = false;
      return result;
    } catch (error) {
      if (!this.#isOn) this.#told.began(error);
      this.#isOn = true;
      throw error;
    }
  }
}
