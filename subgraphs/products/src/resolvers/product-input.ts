import type { Problem } from '../domain/catalog/problem.ts';
import { type ProductDraft, standardTaxClass, type VariantDraft } from '../domain/catalog/product-draft.ts';
import { handleRule, slug } from '../domain/catalog/slug.ts';
import type { ProductCreateInput, ProductVariantInput } from '../generated/graphql.ts';
import { readPrice } from './price-input.ts';

/** The draft that an input stands for, with what of it could not be read. */
export function readProductInput(input: ProductCreateInput): { draft: ProductDraft; problems: Problem[] } {
  const handle = input.handle ?? slug(input.title);
  const variants = input.variants.map((variant, index) => readVariant(variant, input, ['variants', String(index)]));
  const nameless =
    handle === '' && !input.handle
      ? [{ path: ['handle'], message: `cannot be made from this title, so give one: it ${handleRule}` }]
      : [];
  return {
    draft: {
      handle,
      title: input.title.trim(),
      description: input.description ?? null,
      vendor: input.vendor?.trim() || null,
      status: input.status ?? 'DRAFT',
      tags: [],
      categories: input.categories ?? [],
      options: input.options ?? [],
      variants: variants.map(({ variant }) => variant),
      media: (input.media ?? []).map(({ url, altText }) => ({
        sourceUrl: url,
        altText: altText ?? null,
        stored: null,
      })),
    },
    problems: [...nameless, ...variants.flatMap(({ problems }) => problems)],
  };
}

function readVariant(
  input: ProductVariantInput,
  { options }: ProductCreateInput,
  path: string[],
): { variant: VariantDraft; problems: Problem[] } {
  const { price, problems } = readPrice(
    { price: input.price, ...(input.compareAtPrice && { compareAtPrice: input.compareAtPrice }) },
    path,
  );
  const place = (name: string) => options?.findIndex((option) => option.name === name) ?? -1;
  return {
    problems,
    variant: {
      sku: input.sku,
      prices: price ? [price] : [],
      selectedOptions: [...(input.selectedOptions ?? [])].sort((a, b) => place(a.name) - place(b.name)),
      barcode: input.barcode ?? null,
      weight: input.weight ?? null,
      dimensions: null,
      taxClass: input.taxClass ?? standardTaxClass,
    },
  };
}
