import { z } from 'zod';
import { isSafeUrl } from '../rich-text/safe-url.ts';
import type { EntryModel } from './entry-model.ts';

const link = { label: z.string(), url: z.string() };
const linksSafely = ({ url }: { readonly url: string }): boolean => isSafeUrl(url);

const child = z.object(link).transform((given) => ({ ...given, children: [] as NavigationItem[] }));

const item = z.object({
  ...link,
  children: z.array(child).transform((children) => children.filter(linksSafely)),
});

/** An entry of a menu. The CMS has two levels. */
export interface NavigationItem {
  readonly label: string;
  readonly url: string;
  readonly children: NavigationItem[];
}

const navigation = z.object({
  key: z.string(),
  items: z.array(item).transform((items): NavigationItem[] => items.filter(linksSafely)),
});

export type Navigation = z.output<typeof navigation>;

/** Menus. */
export const navigations: EntryModel<Navigation> = {
  operation: 'Navigations',
  plural: 'navigations',
  key: 'key',
  selection: '{ key items(first: 50) { label url children(first: 50) { label url } } }',
  read: navigation,
};
