import { SubgraphAnswerError, type SubgraphClient, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { InsufficientStock } from './outcomes.ts';

interface Answer {
  _entities: ({ sku: string; availability: { status: string; quantityAvailable: number | null } | null } | null)[];
}

const query = `query Availability($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on ProductVariant { sku availability { status quantityAvailable } }
  }
}`;

/**
 * The first line of which there is less than is wanted now. This is a courtesy, as placing the order reserves: when
 * inventory cannot answer there is no shortage.
 */
export async function findShortage(
  { subgraphs, logger, timeoutMs }: { subgraphs: SubgraphClient; logger: Logger; timeoutMs: number },
  wanted: readonly { readonly sku: string; readonly quantity: number }[],
): Promise<InsufficientStock | null> {
  const available = await askAvailability(subgraphs, logger, wanted, timeoutMs);
  for (const { sku, quantity } of wanted) {
    const units = available.get(sku) ?? null;
    if (units !== null && quantity > units) {
      return { kind: 'insufficient-stock', sku, requested: quantity, available: units };
    }
  }
  return null;
}

async function askAvailability(
  subgraphs: SubgraphClient,
  logger: Logger,
  wanted: readonly { readonly sku: string }[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, number | null>> {
  const representations = wanted.map(({ sku }) => ({ __typename: 'ProductVariant', sku }));
  try {
    const { _entities } = await subgraphs.request<Answer>('inventory', query, { representations }, { timeoutMs });
    return new Map(
      _entities.flatMap((entity) => {
        if (!entity?.availability) return [];
        const { status, quantityAvailable } = entity.availability;
        return [[entity.sku, status === 'OUT_OF_STOCK' ? 0 : quantityAvailable] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof SubgraphUnavailableError || error instanceof SubgraphAnswerError)) throw error;
    logger.warn({ err: error }, 'Inventory did not say what is available; the checkout goes on without');
    return new Map();
  }
}
