const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * Whether an address that editors wrote may become a link: within the shop, or of a scheme that runs nothing. Read as
 * a browser reads it, which ignores blanks and control characters before and within the scheme.
 */
export function isSafeUrl(address: string): boolean {
  const base = 'https://shop.invalid';
  return URL.canParse(address, base) && schemes.has(new URL(address, base).protocol);
}
