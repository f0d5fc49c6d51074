import type { Operation } from '../world.ts';

/** Users, their reviews, the products of those, their reviews, those reviews' authors, and theirs again. */
export const nested: Operation = {
  name: 'nested',
  variablesAt: () => ({}),
  query: `
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }
    query Nested {
      users {
        ...User
        reviews {
          ...Review
          product {
            ...Product
            reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
          }
        }
      }
      topProducts {
        ...Product
        reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
      }
    }`,
};
