import type { MutationResolvers } from '../../generated/graphql.ts';
import { readPrice } from '../price-input.ts';
import { invalidInput } from '../user-errors.ts';

export const variantPriceUpdate: MutationResolvers['variantPriceUpdate'] = async (_parent, { input }, context) => {
  const { compareAtPrice } = input;
  const { price, problems } = readPrice({ price: input.price, ...(compareAtPrice && { compareAtPrice }) }, []);
  if (!price) return { variant: null, userErrors: problems.map(invalidInput) };

  const outcome = await context.domain.updatePrice({
    sku: input.sku,
    currency: price.currency,
    amount: price.amount,
    ...(compareAtPrice !== undefined && { compareAt: price.compareAt }),
  });
  switch (outcome.kind) {
    case 'updated':
      return { variant: await context.loaders.knownVariant.load(outcome.variantId), userErrors: [] };
    case 'unknown-sku': {
      const message = `No variant has the sku "${input.sku}".`;
      const path = ['input', 'sku'];
      return { variant: null, userErrors: [{ __typename: 'UnknownSkuError', message, path, sku: input.sku }] };
    }
  }
};
