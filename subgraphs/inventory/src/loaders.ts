import type { PageRequest } from '@mercato/pagination';
import DataLoader from 'dataloader';
import { availabilityByProduct, availabilityBySku } from './domain/availability.ts';
import { skusInCatalog } from './domain/catalog-copy.ts';
import { stockCountsById } from './domain/count/stock-count.ts';
import type { InventoryDatabase } from './domain/database.ts';
import { listStockLevelsBySku, type StockLevelPage } from './domain/lists.ts';
import {
  type DiscrepancyPage,
  discrepanciesById,
  listDiscrepanciesByRun,
} from './domain/reconciliation/discrepancy.ts';
import { pendingByRun, runsById } from './domain/reconciliation/run.ts';
import { listOpenReservations, type ReservationPage } from './domain/reservation/open-reservations.ts';
import { reservationsById } from './domain/reservation/reservation.ts';
import { type StockLevelRow, stockLevelsById } from './domain/stock-level.ts';
import { stockMovementsById } from './domain/stock-movement.ts';
import { warehousesByCode, warehousesById } from './domain/warehouse.ts';
import type { DiscrepancyResolution } from './generated/prisma/client.ts';

/** One statement for all that a call asks of one kind. They live as long as the call. */
export function createLoaders(db: InventoryDatabase) {
  type Keys = readonly string[];
  const oneByOne = <Value>(read: (db: InventoryDatabase, keys: Keys) => Promise<ReadonlyMap<string, Value>>) =>
    new DataLoader<string, Value | null>(async (keys) => {
      const found = await read(db, keys);
      return keys.map((key) => found.get(key) ?? null);
    });
  const byId = <Row extends { readonly id: string }>(
    read: (db: InventoryDatabase, ids: Keys) => Promise<readonly Row[]>,
  ) => oneByOne(async (reader, ids) => new Map((await read(reader, ids)).map((row) => [row.id, row])));

  return {
    warehouseById: byId(warehousesById),
    warehouseByCode: oneByOne(
      async (reader, codes) => new Map((await warehousesByCode(reader, codes)).map((row) => [row.code, row])),
    ),
    levelById: byId(stockLevelsById),
    movementById: byId(stockMovementsById),
    reservationById: byId(reservationsById),
    countById: byId(stockCountsById),
    runById: byId(runsById),
    pendingOfRun: oneByOne(pendingByRun),
    discrepancyById: byId(discrepanciesById),
    availabilityBySku: oneByOne(availabilityBySku),
    availabilityByProduct: oneByOne(availabilityByProduct),
    isInCatalog: new DataLoader<string, boolean>(async (skus) => {
      const known = await skusInCatalog(db, skus);
      return skus.map((sku) => known.has(sku));
    }),
    levelsOfSku: perPage<string, StockLevelPage, void>((skus, page) => listStockLevelsBySku(db, skus, page)),
    discrepanciesOfRun: perPage<string, DiscrepancyPage, DiscrepancyResolution | null>((runIds, page, resolution) =>
      listDiscrepanciesByRun(db, runIds, resolution, page),
    ),
    reservationsOfLevel: perPage<StockLevelRow, ReservationPage, void>((levels, page) =>
      listOpenReservations(db, levels, page),
    ),
  };
}

/** A loader for each page and filter that is asked for: the parents of one field all ask for the same. */
function perPage<Key, Page, Filter>(
  read: (keys: readonly Key[], page: PageRequest, filter: Filter) => Promise<Page[]>,
) {
  const loaders = new Map<string, DataLoader<Key, Page>>();
  return (page: PageRequest, filter: Filter): DataLoader<Key, Page> => {
    const name = JSON.stringify([page.direction, page.limit, page.cursor, filter], (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const known = loaders.get(name) ?? new DataLoader<Key, Page>((keys) => read(keys, page, filter));
    loaders.set(name, known);
    return known;
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
