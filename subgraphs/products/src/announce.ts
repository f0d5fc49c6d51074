import { announceProducts } from './domain/catalog/announce-products.ts';
import { connectDatabase } from './domain/database.ts';

/**
 * Tells all who hear of products about each of them again, by the running worker or the next one.
 * @returns how many products
 */
export async function announce(databaseUrl: string): Promise<number> {
  const database = connectDatabase(databaseUrl);
  try {
    return await announceProducts(database);
  } finally {
    await database.$disconnect();
  }
}
