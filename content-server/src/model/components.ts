import type { ComponentDescription, Field } from './description.ts';
import { image } from './fields.ts';

const link = (description: string): Field[] => [
  { kind: 'string', name: 'label', required: true, description: 'Words to show.' },
  { kind: 'string', name: 'url', required: true, description },
];

export const components: ComponentDescription[] = [
  {
    name: 'Seo',
    plural: 'seos',
    description: 'What search engines are told.',
    fields: [
      { kind: 'string', name: 'title', description: 'Title of the page.' },
      { kind: 'string', name: 'description', description: 'Description of the page.' },
      { kind: 'strings', name: 'keywords', description: 'Keywords.' },
      image('image', 'Picture to share.'),
      { kind: 'boolean', name: 'noIndex', description: 'Whether search engines are asked to stay away.' },
    ],
  },
  {
    name: 'NavigationItem',
    plural: 'navigationItems',
    description: 'An entry of a menu.',
    fields: [
      ...link('Where it leads.'),
      {
        kind: 'component',
        name: 'children',
        component: 'NavigationLink',
        list: true,
        description: 'Entries below it.',
      },
    ],
  },
  {
    name: 'NavigationLink',
    plural: 'navigationLinks',
    description: 'An entry below an entry.',
    fields: link('Where it leads.'),
  },
];
