import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '@mercato/ids';
import { z } from 'zod';
import type { StoredPicture } from '../catalog/product-draft.ts';
import type { ProductsDatabase } from '../database.ts';
import type { FileRecord } from '../imports/imported-product.ts';
import { jsonLines } from '../imports/json-lines/format.ts';
import { readText } from '../imports/read-text.ts';
import { settleBatch } from '../imports/settle-batch.ts';
import { inspectPicture } from '../media/inspect-picture.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Storage } from '../storage/storage.ts';

export interface SeedDependencies {
  readonly database: ProductsDatabase;
  readonly search: SearchIndex;
  readonly storage: Storage;
}

const folder = fileURLToPath(new URL('../../../seed', import.meta.url));

const categoriesFile = z.array(
  z.object({ handle: z.string(), title: z.string(), parent: z.string().nullable(), position: z.number() }),
);
const collectionsFile = z.array(z.object({ handle: z.string(), title: z.string(), products: z.array(z.string()) }));

/** Puts the example shop in, by the same way as any import. What is there already, changed or not, is left alone. */
export async function seedShop(dependencies: SeedDependencies): Promise<void> {
  await seedCategories(dependencies.database);
  await seedProducts(dependencies);
  await seedCollections(dependencies.database);
}

const readJson = async <Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> =>
  schema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));

async function seedCategories(database: ProductsDatabase): Promise<void> {
  const categories = await readJson('categories.json', categoriesFile);
  const ids = new Map((await database.category.findMany()).map(({ handle, id, path }) => [handle, { id, path }]));
  // Parents stand before their children in the file.
  for (const { handle, title, parent, position } of categories) {
    if (ids.has(handle)) continue;
    const above = parent === null ? null : ids.get(parent);
    if (above === undefined) throw new Error(`Category ${handle} of the seed stands before its parent ${parent}.`);
    const category = { id: newId('category'), path: [...(above?.path ?? []), handle] };
    await database.category.createMany({
      data: [{ ...category, handle, title, position, parentId: above?.id ?? null }],
      skipDuplicates: true,
    });
    ids.set(handle, category);
  }
}

async function seedProducts({ database, search, storage }: SeedDependencies): Promise<void> {
  const format = jsonLines(await seedPictures(storage));
  const records: FileRecord[] = [];
  for await (const record of format.read(readText(createReadStream(join(folder, 'products.jsonl'))), {
    currency: 'USD',
  })) {
    records.push(record);
  }
  const handles = records.flatMap(({ product }) => product?.handle ?? []);
  const known = await database.product.findMany({ where: { handle: { in: handles } }, select: { handle: true } });
  const isKnown = new Set(known.map(({ handle }) => handle));
  const fresh = records.filter(({ product }) => !product || !isKnown.has(product.handle));
  if (fresh.length === 0) return;
  await database.$transaction(
    async (tx) => {
      const options = { warehouse: null, reference: 'seed', dryRun: false };
      const { errors } = await settleBatch(tx, search, fresh, new Map(), options);
      const [error] = errors;
      if (error) throw new Error(`The seed is wrong on line ${error.line} of products.jsonl: ${error.message}`);
    },
    { timeout: 60_000 },
  );
}

/** Copies the seed's pictures into the storage; gives each by the name of its file. */
async function seedPictures(storage: Storage): Promise<Map<string, StoredPicture>> {
  const pictures = new Map<string, StoredPicture>();
  for (const file of await readdir(join(folder, 'pictures'))) {
    const content = await readFile(join(folder, 'pictures', file));
    const picture = await inspectPicture(content, { isOurs: true });
    await storage.savePicture(picture.fileKey, content);
    pictures.set(file, picture);
  }
  return pictures;
}

async function seedCollections(database: ProductsDatabase): Promise<void> {
  const collections = await readJson('collections.json', collectionsFile);
  const known = new Set((await database.collection.findMany()).map(({ handle }) => handle));
  for (const [position, { handle, title, products }] of collections.entries()) {
    if (known.has(handle)) continue;
    const rows = await database.product.findMany({ where: { handle: { in: products } } });
    const id = newId('collection');
    await database.$transaction([
      database.collection.create({ data: { id, handle, title, position } }),
      database.productCollection.createMany({
        data: rows.map((row) => ({
          productId: row.id,
          collectionId: id,
          position: products.indexOf(row.handle),
        })),
      }),
    ]);
  }
}
