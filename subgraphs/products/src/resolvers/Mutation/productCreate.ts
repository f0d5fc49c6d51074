import type { MutationResolvers } from '../../generated/graphql.ts';
import { readProductInput } from '../product-input.ts';
import { productParts } from '../product-parts.ts';
import { invalidInput, keyReused } from '../user-errors.ts';

export const productCreate: MutationResolvers['productCreate'] = async (_parent, { input }, context, info) => {
  const { draft, problems } = readProductInput(input);
  if (problems.length > 0) return { product: null, userErrors: problems.map(invalidInput) };

  const { idempotencyKey: key, ...rest } = input;
  const scope = `productCreate:${context.viewer.kind}:${context.viewer.id}`;
  const idempotency = typeof key === 'string' ? { scope, key, input: rest } : null;
  const outcome = await context.domain.createProduct({ draft, idempotency });
  switch (outcome.kind) {
    case 'created': {
      const product = await context.loaders.knownProduct(productParts(info, [['product']])).load(outcome.productId);
      return { product, userErrors: [] };
    }
    case 'invalid':
      return { product: null, userErrors: outcome.problems.map(invalidInput) };
    case 'handle-taken': {
      const message = `The handle "${outcome.handle}" belongs to another product; choose another one.`;
      const path = ['input', typeof input.handle === 'string' ? 'handle' : 'title'];
      return {
        product: null,
        userErrors: [{ __typename: 'HandleTakenError', message, path, handle: outcome.handle }],
      };
    }
    case 'sku-taken': {
      const message = `The sku "${outcome.sku}" belongs to another product; skus are unique in the shop.`;
      const path = ['input', 'variants', String(outcome.variant), 'sku'];
      return { product: null, userErrors: [{ __typename: 'SkuTakenError', message, path, sku: outcome.sku }] };
    }
    case 'key-reused':
      return { product: null, userErrors: [keyReused] };
  }
};
