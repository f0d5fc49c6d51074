import { CatalogImport } from './CatalogImport.ts';
import { Category } from './Category.ts';
import { Collection } from './Collection.ts';
import { Image } from './Image.ts';
import { Media } from './Media.ts';
import { catalogImportStart } from './Mutation/catalogImportStart.ts';
import { productCreate } from './Mutation/productCreate.ts';
import { productUpdate } from './Mutation/productUpdate.ts';
import { variantPriceUpdate } from './Mutation/variantPriceUpdate.ts';
import { Product } from './Product.ts';
import { ProductConnection } from './ProductConnection.ts';
import { ProductVariant } from './ProductVariant.ts';
import { catalogImport } from './Query/catalogImport.ts';
import { categories } from './Query/categories.ts';
import { category } from './Query/category.ts';
import { collection } from './Query/collection.ts';
import { product } from './Query/product.ts';
import { products } from './Query/products.ts';
import { searchSuggestions } from './Query/searchSuggestions.ts';
import { variants } from './Query/variants.ts';
import { SearchSuggestion } from './SearchSuggestion.ts';

/** Each field's own file holds it to the schema's type. */
export const resolvers = {
  Query: { catalogImport, categories, category, collection, product, products, searchSuggestions, variants },
  Mutation: { catalogImportStart, productCreate, productUpdate, variantPriceUpdate },
  Product,
  ProductConnection,
  ProductVariant,
  Category,
  Collection,
  Media,
  Image,
  SearchSuggestion,
  CatalogImport,
};
