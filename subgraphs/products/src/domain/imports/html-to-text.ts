import { Parser } from 'htmlparser2';

const blocks = new Set(
  'address article aside blockquote dd div dl dt figure figcaption footer h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
const unread = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'head']);

/** The words of a piece of HTML as plain text: paragraphs apart by an empty line, list items with a dash. */
export function htmlToText(html: string): string {
  let text = '';
  let skipping = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (unread.has(name)) skipping += 1;
      else if (name === 'br') text += '\n';
      else if (name === 'li') text += '\n- ';
      else if (name === 'td' || name === 'th') text += ' ';
      else if (blocks.has(name)) text += '\n\n';
    },
    ontext(piece) {
      if (skipping === 0) text += piece.replaceAll(/\s+/g, ' ');
    },
    onclosetag(name) {
      if (unread.has(name)) skipping = Math.max(skipping - 1, 0);
      else if (blocks.has(name)) text += '\n\n';
    },
  });
  parser.end(html);
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
