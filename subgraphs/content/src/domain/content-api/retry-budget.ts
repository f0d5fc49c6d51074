/** Lets about a tenth of the requests be repeated, so that retries never multiply the load on a server that struggles. */
export class RetryBudget {
  readonly #most = 10;
  #left = this.#most;

  earn(): void {
    this.#left = Math.min(this.#left + 0.1, this.#most);
  }

  /** Whether one more retry is within the budget; it is spent then. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
