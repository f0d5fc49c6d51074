import type { SupergraphUnderTest } from './supergraph.ts';

export interface ProductPage {
  title: string;
  featuredImage: { url: string } | null;
  media: { url: string }[];
  variants: {
    sku: string;
    price: { amount: string } | null;
    availability: { status: string; quantityAvailable: number | null };
  }[];
}

/** What shoppers see of the catalog. */
export interface Catalog {
  page(handle: string): Promise<ProductPage | null>;
  /** Sku and availability of a product's variants. */
  availability(handle: string): Promise<{ sku: string; status: string; quantityAvailable: number | null }[]>;
  /** Handles of the products that `ProductList` answers for these variables, in its order. */
  find(variables: Record<string, unknown>): Promise<string[]>;
}

export function catalogOf({ guest }: SupergraphUnderTest): Catalog {
  const page = async (handle: string) =>
    (await guest.ask<{ product: ProductPage | null }>('ProductPage', { handle })).product;
  return {
    page,
    availability: async (handle) =>
      ((await page(handle))?.variants ?? []).map(({ sku, availability }) => ({ sku, ...availability })),
    async find(variables) {
      const { products } = await guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', variables);
      return products.nodes.map(({ handle }) => handle);
    },
  };
}
