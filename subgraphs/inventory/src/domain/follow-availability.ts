import { type LiveFeed, readAgain } from '@mercato/live';
import DataLoader from 'dataloader';
import { type Availability, availabilityBySku } from './availability.ts';
import type { InventoryDatabase } from './database.ts';
import { checkText, firstFault, type InvalidInput, invalid } from './input-check.ts';

const mostSkus = 100;

/** What is told of a sku, whenever that changes. */
export interface AvailabilityNews {
  readonly sku: string;
  readonly availability: Availability;
}

/** Reads what is told of a sku; all who ask in one moment share a statement, as all who follow look at the same moment. */
export type AvailabilityNow = DataLoader<string, Availability>;

export const availabilityNow = (db: InventoryDatabase): AvailabilityNow =>
  new DataLoader(
    async (skus) => {
      const found = await availabilityBySku(db, [...new Set(skus)]);
      return skus.map((sku) => found.get(sku) ?? { status: 'OUT_OF_STOCK', quantityAvailable: 0 });
    },
    { cache: false },
  );

export type FollowOutcome =
  | { readonly kind: 'followed'; readonly news: AsyncIterableIterator<AvailabilityNews, undefined> }
  | InvalidInput;

/** What is told of each sku now, and again whenever that changes; a sku that nobody stocks is out of stock. */
export async function followAvailability(
  { live, now }: { readonly live: LiveFeed; readonly now: AvailabilityNow },
  skus: readonly string[],
): Promise<FollowOutcome> {
  const fault = checkSkus(skus);
  if (fault) return fault;
  const told = new Map<string, string>();
  const byName = new Map(skus.map((sku) => [`sku:${sku}`, sku]));
  const news = await readAgain<AvailabilityNews>(live, [...byName.keys(), 'settings'], async (changed) => {
    // The shop's thresholds decide what is told of every sku.
    const names = changed.has('settings') ? [...byName.keys()] : [...changed];
    const looked = names.flatMap((name) => byName.get(name) ?? []);
    const found = await Promise.all(looked.map(async (sku) => ({ sku, availability: await now.load(sku) })));
    const events = found.filter(({ sku, availability: { status, quantityAvailable } }) => {
      const looks = `${status} ${quantityAvailable}`;
      const isNews = told.get(sku) !== looks;
      told.set(sku, looks);
      return isNews;
    });
    return { events };
  });
  return { kind: 'followed', news };
}

function checkSkus(skus: readonly string[]): InvalidInput | undefined {
  if (skus.length === 0) return invalid('`skus` is empty; name at least one.', 'skus');
  if (skus.length > mostSkus) {
    return invalid(`\`skus\` has ${skus.length} skus; watch at most ${mostSkus} in a subscription.`, 'skus');
  }
  return firstFault(...skus.map((sku, index) => checkText(sku, 'skus', String(index))));
}
