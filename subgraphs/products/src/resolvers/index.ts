import { Category } from './Category.ts';
import { Collection } from './Collection.ts';
import { Image } from './Image.ts';
import { Media } from './Media.ts';
import { Product } from './Product.ts';
import { ProductVariant } from './ProductVariant.ts';
import { categories } from './Query/categories.ts';
import { category } from './Query/category.ts';
import { collection } from './Query/collection.ts';
import { product } from './Query/product.ts';
import { variants } from './Query/variants.ts';

/** Each field's own file holds it to the schema's type. */
export const resolvers = {
  Query: { categories, category, collection, product, variants },
  Product,
  ProductVariant,
  Category,
  Collection,
  Media,
  Image,
};
