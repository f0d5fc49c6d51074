import type { ModelDescription } from './description.ts';
import { text } from './fields.ts';

/** The models that every project has. */
export const asset: ModelDescription = {
  name: 'Asset',
  plural: 'assets',
  description: 'A file.',
  fields: [
    { kind: 'string', name: 'handle', required: true, description: 'Name in asset URLs.' },
    { kind: 'string', name: 'fileName', required: true, description: 'Name of the file.' },
    { kind: 'string', name: 'mimeType', description: 'Media type of the original.' },
    { kind: 'float', name: 'width', description: 'Width of the original in pixels.' },
    { kind: 'float', name: 'height', description: 'Height of the original in pixels.' },
    { kind: 'float', name: 'size', description: 'Size of the original in bytes.' },
    text('altText', 'Text for those who cannot see it; a field that the project defines.'),
  ],
};

export const user: ModelDescription = {
  name: 'User',
  plural: 'users',
  description: 'Someone who edits content.',
  fields: [
    { kind: 'string', name: 'name', required: true, description: 'Name.' },
    { kind: 'boolean', name: 'isActive', required: true, description: 'Whether they are still a member.' },
    {
      kind: 'enumeration',
      name: 'kind',
      description: 'Kind of user.',
      enumeration: {
        name: 'UserKind',
        description: 'Kind of user.',
        values: ['MEMBER', 'PAT', 'PUBLIC', 'WEBHOOK', 'APP_TOKEN'],
      },
    },
  ],
};
