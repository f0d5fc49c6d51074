import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';
import type { Warehouses } from './domain/imports/warehouses.ts';

const answer = z.object({ warehouseByCode: z.object({ code: z.string() }).nullable() });
const query = 'query WarehouseByCode($code: String!) { warehouseByCode(code: $code) { code } }';

/** Somebody waits for the answer, and it is of help but not needed. */
const timeoutMs = 2_000;

/** Warehouses, as inventory knows them. */
export const inventoryWarehouses = (subgraphs: SubgraphClient, logger: Logger): Warehouses => ({
  async find(code) {
    try {
      const { warehouseByCode } = answer.parse(
        await subgraphs.request<unknown>('inventory', query, { code }, { timeoutMs }),
      );
      return warehouseByCode === null ? 'unknown' : 'known';
    } catch (error) {
      const isOfInventory = error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError;
      if (!isOfInventory && !(error instanceof z.ZodError)) throw error;
      logger.warn(
        { err: error, warehouse: code },
        'Inventory could not be asked for this warehouse; the import goes on, and inventory reports its opening stock if there is none',
      );
      return 'cannot-tell';
    }
  },
});
