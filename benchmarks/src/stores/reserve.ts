import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createViewerSigner, loadOrCreateKeys } from '@mercato/auth';
import { createSubgraphClient, httpTransport } from '@mercato/subgraph-client';
import { z } from 'zod';
import type { System } from '../system/system.ts';

export interface Reserver {
  /** Reserves one unit of each sku for an order of its own, as checkout does. */
  reserve(skus: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const answer = z.object({ stockReserve: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) });

/** Reserving is not for clients: it is asked of inventory itself, signed as checkout. */
export function reserver(system: System, inventoryUrl: string): Reserver {
  const key = loadOrCreateKeys(join(system.dataDir, 'keys'), ['checkout']).own.checkout;
  if (!key) throw new Error('There is no key of checkout.');
  const transport = httpTransport({ urlOf: () => inventoryUrl });
  const client = createSubgraphClient({ transport, signer: createViewerSigner('checkout', key), timeoutMs: 30_000 });
  return {
    async reserve(skus) {
      const input = {
        orderId: `order_${randomUUID()}`,
        lines: skus.map((sku) => ({ sku, quantity: 1 })),
        country: 'US',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      };
      const { stockReserve } = answer.parse(await client.request('inventory', mutation, { input }));
      if (stockReserve.userErrors.length > 0) throw new Error(JSON.stringify(stockReserve.userErrors));
    },
    close: () => transport.close(),
  };
}

const mutation = `mutation ($input: StockReserveInput!) {
  stockReserve(input: $input) { userErrors { ... on UserError { message } } }
}`;
