import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { InsufficientStock } from './outcomes.ts';

/** Asks how many units of each sku can be bought now; null for a sku that is not limited or not disclosed. */
export type AskAvailability = (skus: readonly string[]) => Promise<ReadonlyMap<string, number | null>>;

interface Answer {
  _entities: ({ sku: string; availability: { status: string; quantityAvailable: number | null } | null } | null)[];
}

const query = `query Availability($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on ProductVariant { sku availability { status quantityAvailable } }
  }
}`;

/**
 * Inventory's answer. A cart promises nothing: when inventory cannot answer, every sku counts as available, and the
 * checkout, which reserves, has the last word.
 */
export function askInventory(subgraphs: SubgraphClient, logger: Logger): AskAvailability {
  return async (skus) => {
    const representations = skus.map((sku) => ({ __typename: 'ProductVariant', sku }));
    try {
      const { _entities } = await subgraphs.request<Answer>(
        'inventory',
        query,
        { representations },
        { timeoutMs: 1_500 },
      );
      return new Map(
        _entities.flatMap((entity) => {
          if (!entity?.availability) return [];
          const { status, quantityAvailable } = entity.availability;
          return [[entity.sku, status === 'OUT_OF_STOCK' ? 0 : quantityAvailable] as const];
        }),
      );
    } catch (error) {
      if (!(error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError)) throw error;
      logger.warn({ err: error }, 'Inventory did not say what is available; the cart goes on without');
      return new Map();
    }
  };
}

/** The first line that asks for more than there is, counting what the cart holds of it already. */
export async function findShortage(
  ask: AskAvailability,
  wanted: readonly { readonly sku: string; readonly quantity: number; readonly path: readonly string[] }[],
): Promise<InsufficientStock | null> {
  if (wanted.length === 0) return null;
  const available = await ask(wanted.map(({ sku }) => sku));
  for (const { sku, quantity, path } of wanted) {
    const units = available.get(sku) ?? null;
    if (units !== null && quantity > units) {
      return { kind: 'insufficient-stock', sku, requested: quantity, available: units, path: [...path, 'quantity'] };
    }
  }
  return null;
}
