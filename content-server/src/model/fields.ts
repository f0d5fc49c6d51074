import type { Field } from './description.ts';

// Fields that several models have.

export const seo: Field = {
  kind: 'component',
  name: 'seo',
  component: 'Seo',
  list: false,
  localized: true,
  description: 'For search engines.',
};

export const handle = (description: string): Field => ({
  kind: 'string',
  name: 'handle',
  required: true,
  unique: true,
  description,
});

export const slug: Field = {
  kind: 'string',
  name: 'slug',
  required: true,
  unique: true,
  description: 'Name in addresses.',
};

export const image = (name: string, description: string): Field => ({
  kind: 'relation',
  name,
  to: 'Asset',
  list: false,
  description,
});

export const text = (name: string, description: string, required = false): Field => ({
  kind: 'string',
  name,
  required,
  localized: true,
  description,
});

export const position: Field = {
  kind: 'int',
  name: 'position',
  description: "Place in the editors' order, smallest first.",
};
