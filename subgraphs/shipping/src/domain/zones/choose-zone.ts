import type { Zone } from './zone.ts';

/** Where something goes, as far as zones care. */
export interface Destination {
  readonly country: string;
  /** ISO 3166-2 without the country, such as `OR`. */
  readonly region: string | null;
  readonly postalCode: string | null;
}

/**
 * The zone that says most about an address: one that names its postal code before one that names its region before one
 * that names its country. Among several that name the postal code the longest beginning wins. Null where the shop does
 * not deliver.
 */
export function chooseZone(zones: readonly Zone[], destination: Destination): Zone | null {
  let best: { zone: Zone; specificity: number } | null = null;
  for (const zone of zones) {
    const specificity = specificityOf(zone, destination);
    if (specificity !== null && (!best || specificity > best.specificity)) best = { zone, specificity };
  }
  return best?.zone ?? null;
}

const countryOnly = 0;
const namesRegion = 1;

/** How closely a zone describes an address; null when it does not cover it. */
function specificityOf(zone: Zone, { country, region, postalCode }: Destination): number | null {
  if (!zone.countries.includes(country)) return null;
  if (zone.regions.length > 0 && !(region && zone.regions.includes(`${country}-${region}`))) return null;
  const base = zone.regions.length > 0 ? namesRegion : countryOnly;
  if (zone.postalCodePrefixes.length === 0) return base;
  const compact = normalise(postalCode ?? '');
  const matching = zone.postalCodePrefixes.filter((prefix) => compact.startsWith(normalise(prefix)));
  if (matching.length === 0) return null;
  return namesRegion + base + Math.max(...matching.map(({ length }) => length));
}

/** Postal codes are written with and without spaces and hyphens, in either case. */
const normalise = (postalCode: string): string => postalCode.replaceAll(/[\s-]/g, '').toUpperCase();
