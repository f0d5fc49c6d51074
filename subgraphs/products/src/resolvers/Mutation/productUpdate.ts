import type { ProductChanges } from '../../domain/catalog/update-product.ts';
import type { MutationResolvers, ProductUpdateInput } from '../../generated/graphql.ts';
import { productParts } from '../product-parts.ts';
import { invalidInput } from '../user-errors.ts';

export const productUpdate: MutationResolvers['productUpdate'] = async (_parent, { input }, context, info) => {
  const problems = (['title', 'status', 'categories'] as const)
    .filter((field) => input[field] === null)
    .map((field) => ({ path: [field], message: 'cannot be cleared; leave it out to keep it as it is' }));
  if (problems.length > 0) return { product: null, userErrors: problems.map(invalidInput) };

  const outcome = await context.domain.updateProduct({
    id: input.id,
    changes: changesOf(input),
    expectedUpdatedAt: input.expectedUpdatedAt ?? null,
  });
  switch (outcome.kind) {
    case 'updated': {
      const product = await context.loaders.knownProduct(productParts(info, [['product']])).load(outcome.productId);
      return { product, userErrors: [] };
    }
    case 'not-found': {
      const message = 'There is no product with this id.';
      return { product: null, userErrors: [{ __typename: 'NotFoundError', message, path: ['input', 'id'] }] };
    }
    case 'invalid':
      return { product: null, userErrors: outcome.problems.map(invalidInput) };
    case 'changed-meanwhile': {
      const message = 'Somebody changed this product since you read it; read it again and repeat your change.';
      const path = ['input', 'expectedUpdatedAt'];
      const { updatedAt } = outcome;
      return { product: null, userErrors: [{ __typename: 'ChangedMeanwhileError', message, path, updatedAt }] };
    }
  }
};

const changesOf = ({ title, description, vendor, status, categories }: ProductUpdateInput): ProductChanges => ({
  ...(typeof title === 'string' && { title: title.trim() }),
  ...(description !== undefined && { description }),
  ...(vendor !== undefined && { vendor: vendor?.trim() || null }),
  ...(status && { status }),
  ...(categories && { categories }),
});
