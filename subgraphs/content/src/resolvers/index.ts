import type { Resolvers } from '../generated/graphql.ts';
import { BlogPost } from './BlogPost.ts';
import { BlogPostConnection } from './BlogPostConnection.ts';
import { Category } from './Category.ts';
import { Collection } from './Collection.ts';
import { Image } from './Image.ts';
import { Product } from './Product.ts';
import { banners } from './Query/banners.ts';
import { blogPost } from './Query/blogPost.ts';
import { blogPosts } from './Query/blogPosts.ts';
import { faqs } from './Query/faqs.ts';
import { navigation } from './Query/navigation.ts';
import { page } from './Query/page.ts';

export const resolvers: Resolvers = {
  Query: { banners, blogPost, blogPosts, faqs, navigation, page },
  BlogPost,
  BlogPostConnection,
  Category,
  Collection,
  Image,
  Product,
};
