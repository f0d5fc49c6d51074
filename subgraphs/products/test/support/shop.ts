import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Viewer } from '@mercato/auth';
import type { Subgraph } from '@mercato/subgraph-server';
import { ask, askData, staff, type TestDependencies, testDependencies } from '@mercato/testkit';
import pg from 'pg';
import { createSubgraph, type ProductsSettings } from '../../src/subgraph.ts';

export const editor = staff('catalog:read', 'catalog:write');
export const partner: Viewer = { kind: 'partner', id: 'partner_test', scopes: [] };
export const shopper: Viewer = { kind: 'guest', id: null, scopes: [] };

export interface UserError {
  __typename: string;
  message: string;
  path: string[] | null;
}

/** A products subgraph on a database of its own, asked as the router would, alone unless others are given. */
export async function openShop(
  settings: Partial<ProductsSettings> = {},
  others?: (name: string) => Subgraph | undefined,
) {
  const dependencies = await testDependencies('products', others);
  const storageDir = await mkdtemp(join(tmpdir(), 'products-test-'));
  const subgraph = await createSubgraph({ ...dependencies, storageDir, ...settings });
  const pool = new pg.Pool({ connectionString: dependencies.databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  return {
    ...dependencies,
    subgraph,
    storageDir,
    /** SQL past the subgraph, to look at what it wrote. */
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await pool.query<Row>(text, values)).rows,
    ask: (query: string, variables: Record<string, unknown> = {}, viewer: Viewer = shopper) =>
      ask(subgraph, query, variables, viewer),
    data: <Data>(query: string, variables: Record<string, unknown> = {}, viewer: Viewer = shopper) =>
      askData<Data>(subgraph, query, variables, viewer),
    close: async () => {
      await pool.end();
      await subgraph.close();
      await (dependencies satisfies TestDependencies).close();
      await rm(storageDir, { recursive: true, force: true });
    },
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

interface Created {
  productCreate: { product: { id: string; handle: string; updatedAt: string } | null; userErrors: UserError[] };
}

export const createMutation = `mutation ($input: ProductCreateInput!) { productCreate(input: $input) {
  product { id handle updatedAt } userErrors { __typename ... on UserError { message path } } } }`;

/** Asks to create a product of one variant on sale, with what a test wants different. */
export const tryToCreate = async (shop: Shop, input: Record<string, unknown> = {}) => {
  const title = typeof input.title === 'string' ? input.title : 'Stoneware Mug';
  const answer = await shop.data<Created>(
    createMutation,
    {
      input: {
        title,
        status: 'ACTIVE',
        variants: [{ sku: `SKU-${title}-${input.handle ?? ''}`, price: { amount: '24.00', currency: 'USD' } }],
        ...input,
      },
    },
    editor,
  );
  return answer.productCreate;
};

export async function aProduct(shop: Shop, input: Record<string, unknown> = {}) {
  const { product, userErrors } = await tryToCreate(shop, input);
  if (!product) throw new Error(`The product was refused: ${JSON.stringify(userErrors)}`);
  return product;
}

/** Category rows as the seed would make them; `parent/child` paths. */
export async function categories(shop: Shop, ...paths: string[]): Promise<void> {
  for (const [position, path] of paths.entries()) {
    const handles = path.split('/');
    const handle = handles.at(-1);
    await shop.sql(
      `INSERT INTO category (id, handle, title, parent_id, position, path) VALUES ('category_' || $1::text, $1, initcap($1),
         CASE WHEN $2::text IS NULL THEN NULL ELSE 'category_' || $2 END, $3, $4)`,
      [handle, handles.at(-2) ?? null, position, handles],
    );
  }
}
