import type { Answer, Client } from './client.ts';

export interface Load {
  /** How many questions were answered so far. */
  readonly answered: number;
  /** Ends it. @returns what was not answered as it should */
  stop(): Promise<string[]>;
}

/** Shoppers that look at product pages without a pause, until they are stopped. */
export function browse(guest: Client, handles: readonly string[], shoppers: number): Load {
  let over = false;
  let answered = 0;
  const failures: string[] = [];
  const shopper = async (first: number): Promise<void> => {
    for (let n = first; !over; n += 1) {
      const handle = handles[n % handles.length];
      const answer = await guest
        .send<{ product: unknown }>('ProductPage', { handle })
        .catch(
          (error: unknown): Answer<{ product: unknown }> => ({ data: null, errors: [{ message: String(error) }] }),
        );
      if (answer.errors?.length || !answer.data?.product) failures.push(JSON.stringify(answer));
      answered += 1;
    }
  };
  const shopping = Promise.all(Array.from({ length: shoppers }, (_, n) => shopper(n)));
  return {
    get answered() {
      return answered;
    },
    async stop() {
      over = true;
      await shopping;
      return failures;
    },
  };
}
