import { components } from './components.ts';
import type { ContentModel, ModelDescription } from './description.ts';
import { handle, image, position, seo, slug, text } from './fields.ts';
import { asset, user } from './system-models.ts';

const productContent: ModelDescription = {
  name: 'ProductContent',
  plural: 'productContents',
  description: 'What editors write about a product of the catalog.',
  fields: [
    handle('Handle of the product in the catalog.'),
    text('headline', 'Line above the story.'),
    { kind: 'richText', name: 'body', localized: true, description: 'The story.' },
    { kind: 'relation', name: 'gallery', to: 'Asset', list: true, description: 'More pictures.' },
    { kind: 'relation', name: 'faqs', to: 'Faq', list: true, description: 'Questions about it.' },
    seo,
  ],
};

const listingContent: ModelDescription = {
  name: 'ListingContent',
  plural: 'listingContents',
  description: 'What editors write about a category or a collection of the catalog.',
  fields: [
    handle('Handle of the category or collection in the catalog.'),
    {
      kind: 'enumeration',
      name: 'kind',
      description: 'What it describes.',
      enumeration: { name: 'ListingKind', description: 'What a listing shows.', values: ['category', 'collection'] },
    },
    text('headline', 'Line above the list.'),
    { kind: 'richText', name: 'body', localized: true, description: 'Words above the list.' },
    image('image', 'Picture above the list.'),
    seo,
  ],
};

const blogPost: ModelDescription = {
  name: 'BlogPost',
  plural: 'blogPosts',
  description: 'An article.',
  fields: [
    slug,
    text('title', 'Title.', true),
    text('excerpt', 'A few sentences.'),
    {
      kind: 'richText',
      name: 'content',
      localized: true,
      embeds: ['Asset', 'ProductContent'],
      description: 'The article.',
    },
    image('coverImage', 'Picture on top.'),
    { kind: 'relation', name: 'authors', to: 'Author', list: true, description: 'Who wrote it.' },
    { kind: 'string', name: 'category', description: 'What it is about.' },
    {
      kind: 'strings',
      name: 'productHandles',
      description: "Handles of products it speaks of, in the editors' order.",
    },
    seo,
  ],
};

const author: ModelDescription = {
  name: 'Author',
  plural: 'authors',
  description: 'Someone who writes.',
  fields: [
    slug,
    { kind: 'string', name: 'name', required: true, description: 'Name.' },
    text('bio', 'A few words about them.'),
    image('avatar', 'Their picture.'),
    {
      kind: 'relation',
      name: 'posts',
      to: 'BlogPost',
      list: true,
      inverseOf: 'authors',
      description: 'What they wrote.',
    },
  ],
};

const faq: ModelDescription = {
  name: 'Faq',
  plural: 'faqs',
  description: 'A question and its answer.',
  fields: [
    text('question', 'The question.', true),
    { kind: 'richText', name: 'answer', localized: true, description: 'The answer.' },
    { kind: 'string', name: 'category', description: 'What it is about.' },
    position,
  ],
};

const page: ModelDescription = {
  name: 'Page',
  plural: 'pages',
  description: 'A page of the shop, such as its terms.',
  fields: [
    slug,
    text('title', 'Title.', true),
    { kind: 'richText', name: 'body', localized: true, description: 'The words.' },
    seo,
  ],
};

const navigation: ModelDescription = {
  name: 'Navigation',
  plural: 'navigations',
  description: 'A menu.',
  fields: [
    { kind: 'string', name: 'key', required: true, unique: true, description: 'Which menu it is, such as `main`.' },
    {
      kind: 'component',
      name: 'items',
      component: 'NavigationItem',
      list: true,
      localized: true,
      description: 'Its entries.',
    },
  ],
};

const banner: ModelDescription = {
  name: 'Banner',
  plural: 'banners',
  description: 'An announcement.',
  fields: [
    { kind: 'string', name: 'placement', required: true, description: 'Where it is shown, such as `home`.' },
    position,
    text('headline', 'The line.', true),
    text('text', 'More words.'),
    { kind: 'string', name: 'link', description: 'Where it leads.' },
    image('image', 'Its picture.'),
  ],
};

export const mercatoContent: ContentModel = {
  locales: ['en', 'de'],
  models: [asset, user, productContent, listingContent, blogPost, author, faq, page, navigation, banner],
  components,
};
