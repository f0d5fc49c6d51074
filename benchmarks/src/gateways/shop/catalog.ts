/** A catalog worked out from numbers: product 17 is always the same. */

const products = 960;
export const pageSize = 24;
export const pages = products / pageSize;

export const idOf = (index: number): string => `product_${String(index).padStart(6, '0')}`;
export const handleOf = (index: number): string => `sturdy-thing-${index}`;

const imageOf = (index: number, place: number) => ({
  __typename: 'Image',
  url: `https://media.example/${idOf(index)}/${place}.webp`,
  altText: `Thing ${index} from side ${place}`,
  width: 1_600,
  height: 1_200,
});

export const moneyOf = (minor: number) => ({ amount: (minor / 100).toFixed(2), currency: 'USD' });

const categoryOf = (place: number) => ({
  id: `category_${place}`,
  handle: `shelf-${place}`,
  title: `Shelf ${place}`,
  path: [
    { id: 'category_0', handle: 'everything', title: 'Everything' },
    { id: `category_${place}`, handle: `shelf-${place}`, title: `Shelf ${place}` },
  ],
});

const sizes = ['S', 'M', 'L'];
const colours = ['Blue', 'Sand'];

const variantsOf = (index: number) =>
  sizes.flatMap((size, row) =>
    colours.map((colour, column) => ({
      id: `variant_${index}_${row}${column}`,
      sku: `THING-${index}-${size}-${colour.toUpperCase()}`,
      title: `${size} / ${colour}`,
      price: moneyOf(1_999 + index + row * 100),
      compareAtPrice: row === 0 ? moneyOf(2_999 + index) : null,
      selectedOptions: [
        { name: 'Size', value: size },
        { name: 'Colour', value: colour },
      ],
      weight: { value: 0.4 + row / 10, unit: 'KILOGRAM' },
    })),
  );

export const productOf = (index: number) => ({
  id: idOf(index),
  handle: handleOf(index),
  title: `Sturdy thing ${index}`,
  vendor: `Maker ${index % 12}`,
  description: `Thing ${index} is made to be used every day. `.repeat(6),
  featuredImage: imageOf(index, 0),
  media: [0, 1, 2, 3].map((place) => imageOf(index, place)),
  priceRange: { min: moneyOf(1_999 + index), max: moneyOf(2_199 + index) },
  categories: [categoryOf(1 + (index % 8)), categoryOf(9 + (index % 3))],
  options: [
    { name: 'Size', values: sizes },
    { name: 'Colour', values: colours },
  ],
  variants: variantsOf(index),
});

const facets = [
  { kind: 'VENDOR', name: 'Vendor', values: Array.from({ length: 12 }, (_, place) => facetValue(`Maker ${place}`)) },
  { kind: 'OPTION', name: 'Size', values: sizes.map(facetValue) },
  { kind: 'OPTION', name: 'Colour', values: colours.map(facetValue) },
];

function facetValue(value: string) {
  return { value, label: value, count: value.length * 7 };
}

/** @param after the cursor of the page before: its number */
export function pageAfter(after: string | null | undefined) {
  const page = Number(after ?? 0) % pages;
  return {
    totalCount: products,
    pageInfo: { hasNextPage: page + 1 < pages, endCursor: String(page + 1) },
    facets,
    nodes: Array.from({ length: pageSize }, (_, place) => productOf(page * pageSize + place)),
  };
}

export const contentOf = (handle: string) => ({
  headline: `Why ${handle} is what it is`,
  body: {
    html: `<p>${`Made of what lasts, ${handle}. `.repeat(20)}</p>`,
    text: `Made of what lasts, ${handle}. `.repeat(20),
  },
  gallery: [1, 2, 3].map((place) => ({ url: `https://cms.example/${handle}/${place}.jpg`, altText: `View ${place}` })),
  faqs: [1, 2, 3].map((place) => ({
    question: `Question ${place}?`,
    answer: { html: `<p>${`Answer ${place}. `.repeat(10)}</p>` },
  })),
  seo: { title: handle, description: `All about ${handle}.` },
});

/** Of a product or a variant: from the length of its key, as from nothing. */
export const availabilityOf = (key: string) => ({
  status: key.length % 5 === 0 ? 'LOW_STOCK' : 'IN_STOCK',
  quantityAvailable: key.length % 40,
});
