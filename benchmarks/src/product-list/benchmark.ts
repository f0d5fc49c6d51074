import { z } from 'zod';
import type { Benchmark, BenchmarkRun } from '../benchmark.ts';
import { importCatalog, untilStockIsBooked, untilToldAll } from '../catalog/import-catalog.ts';
import { generateCatalog } from '../catalog/shopify-csv.ts';
import type { GraphQLRequest } from '../load/client.ts';
import { type RequestAt, sendFor, sendMany } from '../load/rounds.ts';
import { aim, type Figure } from '../report/figure.ts';
import { percentile } from '../report/spread.ts';
import { addWarehouses, aWarehouse } from '../stock/warehouses.ts';
import { ask } from '../system/ask.ts';
import { type StartOptions, type System, startSystem } from '../system/system.ts';

const connections = 10;
const pageSize = 20;
const sorts = ['TITLE', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'];

const query = `query ProductList($sort: ProductSort, $after: String) {
  products(first: ${pageSize}, sort: $sort, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id handle title
      variants { id sku title price { amount currency } availability { status quantityAvailable } }
    }
  }
}`;

const variant = z.object({
  sku: z.string(),
  price: z.object({ amount: z.string(), currency: z.string() }),
  availability: z.object({ status: z.string() }),
});
const page = z.object({
  products: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    nodes: z.array(z.object({ variants: z.array(variant).min(1) })),
  }),
});

/**
 * A list of 20 products with variants, price and availability, of 1,000 products, through the router: with the entity
 * cache as it is on from the start, and off, so that each answer comes from the databases.
 */
export const productList: Benchmark = async (run) => {
  const figures: Figure[] = [];
  let isFilled = false;
  for (const topology of ['processes', 'embedded'] as const) {
    for (const entityCache of ['off', 'on'] as const) {
      const system = await startSystem(run, { name: 'product-list', topology, keep: isFilled, entityCache });
      try {
        if (!isFilled) await fill(system, run);
        isFilled = true;
        figures.push(...(await measure(system, { topology, entityCache }, run)));
      } finally {
        await system.stop();
      }
    }
  }
  return figures;
};

async function fill(system: System, { tell }: BenchmarkRun): Promise<void> {
  const catalog = generateCatalog(1_000);
  tell(`  filling: ${catalog.products} products, ${catalog.rows} variants`);
  await addWarehouses(system, [aWarehouse('MAIN')]);
  await importCatalog(system, catalog.csv, 'MAIN');
  await untilStockIsBooked(system, catalog.skus.length);
  await untilToldAll(system, ['products', 'inventory']);
  for (const domain of ['products', 'inventory']) await system.sql(domain, 'VACUUM ANALYZE');
}

async function measure(
  system: System,
  { topology, entityCache }: Pick<StartOptions, 'topology' | 'entityCache'>,
  { quick, tell }: BenchmarkRun,
): Promise<Figure[]> {
  const rounds = quick ? 2 : 7;
  const seconds = quick ? 2 : 6;
  const client = await system.client(connections);
  try {
    const requests = await everyPage(system);
    const distinct: RequestAt = (index) => requests[index % requests.length] ?? { query };
    const identical: RequestAt = () => ({ query, variables: { sort: 'TITLE' } });
    const figures: Figure[] = [];
    for (const [kind, requestAt] of [
      ['distinct pages', distinct],
      ['one page', identical],
    ] as const) {
      const name = `${topology}, ${kind}, entity cache ${entityCache}`;
      await sendMany(client, { connections, count: quick ? 200 : 1_000, requestAt });
      const perSecond: number[] = [];
      const milliseconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const timed = await sendFor(client, { connections, seconds, first: round * 37, requestAt });
        perSecond.push(timed.requestsPerSecond);
        milliseconds.push(...timed.milliseconds);
        tell(`  ${name}, round ${round + 1} of ${rounds}: ${Math.round(timed.requestsPerSecond)}/s`);
      }
      figures.push(
        {
          name,
          unit: 'requests/s',
          values: perSecond,
          ...(kind === 'distinct pages' && entityCache === 'off' ? { wish: aim('at least', 130) } : {}),
        },
        { name: `${name}, 50 % answered within`, unit: 'ms', values: [percentile(milliseconds, 0.5)] },
        { name: `${name}, 99 % answered within`, unit: 'ms', values: [percentile(milliseconds, 0.99)] },
      );
    }
    return figures;
  } finally {
    await client.close();
  }
}

/** All pages in all orders, each checked to be whole: no two requests on their way at once are the same. */
async function everyPage(system: System): Promise<GraphQLRequest[]> {
  const client = await system.client(1);
  const requests: GraphQLRequest[] = [];
  try {
    for (const sort of sorts) {
      let after: string | null = null;
      for (;;) {
        const request: GraphQLRequest = { query, variables: { sort, after } };
        const { products }: z.infer<typeof page> = await ask(client, request, page);
        if (products.nodes.length !== pageSize) throw new Error(`A page held ${products.nodes.length} products.`);
        requests.push(request);
        if (!products.pageInfo.hasNextPage) break;
        after = products.pageInfo.endCursor;
      }
    }
    return requests;
  } finally {
    await client.close();
  }
}
