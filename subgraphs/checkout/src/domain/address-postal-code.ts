import type { AddressRule } from './address-rules.ts';

/**
 * How the bare letters and digits of a postal code are set: `#` stands for one of them. For countries with several
 * layouts, or whose example is not written as the post would; others follow their example.
 */
const LAYOUTS: Readonly<Record<string, readonly string[]>> = {
  GB: ['## ###', '### ###', '#### ###'],
  GG: ['### ###', '#### ###'],
  IM: ['### ###', '#### ###'],
  JE: ['### ###', '#### ###'],
  SE: ['### ##'],
  US: ['#####', '#####-####'],
};

/** The postal code as its country writes it; null when it is none of that country's. Takes any case and spacing. */
export function normalisePostalCode(text: string, rule: AddressRule): string | null {
  const written = text.trim().toUpperCase().replace(/\s+/g, ' ');
  if (rule.postalCode === null) return written;

  const bare = written.replace(/[ -]/g, '');
  const candidates = [layOut(bare, rule), written, withoutCountry(written, rule.country), bare];
  return candidates.find((candidate) => candidate !== null && rule.postalCode?.test(candidate)) ?? null;
}

function layOut(bare: string, { country, example }: AddressRule): string | null {
  // Latvia's codes begin with its letters, which many leave out. BFPO numbers are set apart from their word.
  if (country === 'LV' && /^\d{4}$/.test(bare)) return `LV-${bare}`;
  if (country === 'GB' && bare.startsWith('BFPO')) return `BFPO ${bare.slice(4)}`;

  const layouts = LAYOUTS[country] ?? (example === undefined ? [] : [example.replaceAll(/[^ -]/g, '#')]);
  const layout = layouts.find((each) => each.replaceAll(/[^#]/g, '').length === bare.length);
  if (layout === undefined) return null;
  let next = 0;
  return layout.replaceAll('#', () => bare.charAt(next++));
}

/** `DE-10115` as letters from abroad are addressed. */
function withoutCountry(written: string, country: string): string | null {
  return written.startsWith(`${country}-`) ? written.slice(country.length + 1) : null;
}
