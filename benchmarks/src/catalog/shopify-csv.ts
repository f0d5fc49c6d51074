/** A catalog as a shop exports it: products of one to four variants, two and a half on average. */
export interface GeneratedCatalog {
  readonly csv: string;
  readonly products: number;
  readonly rows: number;
  readonly skus: readonly string[];
}

const header = [
  'Handle',
  'Title',
  'Body (HTML)',
  'Vendor',
  'Type',
  'Tags',
  'Published',
  'Option1 Name',
  'Option1 Value',
  'Variant SKU',
  'Variant Grams',
  'Variant Inventory Qty',
  'Variant Price',
  'Variant Compare At Price',
  'Variant Weight Unit',
];

const things = ['Mug', 'Lamp', 'Shirt', 'Chair', 'Blanket', 'Kettle', 'Notebook', 'Basket', 'Vase', 'Apron'];
const looks = ['Blue', 'Green', 'Oak', 'Linen', 'Copper', 'Striped', 'Quiet', 'Large', 'Folded', 'Winter', 'Garden'];
const makers = ['Northwind', 'Harbour & Sons', 'Atelier Vert', 'Kiln Works', 'Loom', 'Field Notes Supply', 'Tin Roof'];
const sizes = ['S', 'M', 'L', 'XL'];

/** The same number gives the same catalog, each time. */
export function generateCatalog(products: number): GeneratedCatalog {
  const rows: string[][] = [];
  for (let number = 0; number < products; number += 1) rows.push(...productRows(number));
  return {
    csv: [header, ...rows]
      .map((cells) => cells.map(quoted).join(','))
      .join('\n')
      .concat('\n'),
    products,
    rows: rows.length,
    skus: rows.map((cells) => cells[9] ?? ''),
  };
}

function productRows(number: number): string[][] {
  const thing = pick(things, number);
  const title = `${pick(looks, Math.floor(number / things.length))} ${thing} No. ${number}`;
  const handle = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const body = `<p>${title}, made to be used every day. It is <strong>${pick(looks, number * 7).toLowerCase()}</strong>, and "as it should be".</p>`;
  return sizes.slice(0, 1 + (number % 4)).map((size, index) => {
    const price = 5 + ((number * 37 + index * 3) % 200);
    const first = index === 0;
    return [
      handle,
      first ? title : '',
      first ? body : '',
      first ? pick(makers, number) : '',
      first ? thing : '',
      first ? 'bench, everyday' : '',
      first ? 'true' : '',
      first ? 'Size' : '',
      size,
      `BENCH-${String(number).padStart(6, '0')}-${size}`,
      String(200 + (number % 50) * 10),
      String(1 + ((number + index) % 60)),
      `${price}.00`,
      number % 5 === 0 ? `${price + 10}.00` : '',
      'g',
    ];
  });
}

const pick = (from: readonly string[], number: number): string => from[number % from.length] ?? '';

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
