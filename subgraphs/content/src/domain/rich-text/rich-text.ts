import { cleanTree } from './clean-tree.ts';
import { type Embeds, noEmbeds } from './embeds.ts';
import { sanitiseHtml } from './sanitise-html.ts';

/** Text with structure, safe to show. */
export interface RichText {
  readonly html: string;
  readonly text: string;
  readonly raw: unknown;
}

/** Makes what the CMS gives safe; the HTML when it is first wanted, and then no more while the text is kept. */
export function richText(given: RichText, embeds: Embeds = noEmbeds): RichText {
  let html: string | undefined;
  return {
    get html() {
      html ??= sanitiseHtml(given.html, embeds);
      return html;
    },
    // The CMS parts blocks by a backslash and an `n`.
    text: given.text.replaceAll('\\n', '\n').trim(),
    raw: cleanTree(given.raw, embeds),
  };
}
