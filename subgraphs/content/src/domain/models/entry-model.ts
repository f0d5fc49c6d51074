import type { z } from 'zod';

/** A model of the CMS whose entries are found by a key, and what we want of it. */
export interface EntryModel<Entry extends object> {
  /** Name of the operation, such as `ProductContents`. */
  readonly operation: string;
  /** API id of the list, such as `productContents`. */
  readonly plural: string;
  /** The unique, non-localized field that keys are of, such as `handle`. */
  readonly key: string;
  /** A further condition, such as `kind: category`. */
  readonly condition?: string;
  /** The fields, between braces; among them the key. */
  readonly selection: string;
  /** Reads one entry of an answer. */
  readonly read: z.ZodType<Entry>;
}

/** The model's one document; its list is answered as `entries`. */
export const documentOf = ({ operation, plural, key, condition, selection }: EntryModel<object>): string =>
  `query ${operation}($keys: [String!]!, $first: Int!, $stage: Stage!, $locales: [Locale!]!) {
  entries: ${plural}(where: { ${condition ? `${condition}, ` : ''}${key}_in: $keys }, first: $first, stage: $stage, locales: $locales) ${selection}
}`.replaceAll(/\s+/g, ' ');
