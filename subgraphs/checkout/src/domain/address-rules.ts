import { z } from 'zod';
import data from './address-rules.json' with { type: 'json' };

const ruleSchema = z.object({
  regionRequired: z.boolean().default(false),
  postalCodeRequired: z.boolean().default(false),
  /** Regular expression of a whole postal code; absent where the post has none. */
  postalCode: z.string().optional(),
  /** A postal code of the country, for sentences. */
  example: z.string().optional(),
  regionIsCalled: z.string().default('region'),
  /** `OR=Oregon;WA=Washington`; absent where any text will do. */
  regions: z.string().optional(),
});

/** What an address of a country needs. Made by `scripts/make-address-rules.mjs`. */
export interface AddressRule {
  readonly country: string;
  readonly regionRequired: boolean;
  readonly postalCodeRequired: boolean;
  readonly postalCode: RegExp | null;
  readonly example: string | undefined;
  /** What people there call a region, such as `state` or `prefecture`. */
  readonly regionIsCalled: string;
  readonly regions: RegionList | null;
}

export interface RegionList {
  /** ISO 3166-2 suffixes, in the order of the source. */
  readonly codes: readonly string[];
  /** Code by code or name, folded by `foldRegion`. */
  readonly byText: ReadonlyMap<string, string>;
}

const sources: ReadonlyMap<string, unknown> = new Map(Object.entries(data));
const rules = new Map<string, AddressRule>();

/** The rule of a country by its two ISO 3166-1 letters, upper case; undefined where there is no such country. */
export function addressRuleOf(country: string): AddressRule | undefined {
  const known = rules.get(country);
  if (known || !sources.has(country)) return known;

  const source = ruleSchema.parse(sources.get(country));
  const rule: AddressRule = {
    country,
    regionRequired: source.regionRequired,
    postalCodeRequired: source.postalCodeRequired,
    postalCode: source.postalCode === undefined ? null : new RegExp(`^(?:${source.postalCode})$`),
    example: source.example,
    regionIsCalled: source.regionIsCalled,
    regions: source.regions === undefined ? null : readRegions(source.regions),
  };
  rules.set(country, rule);
  return rule;
}

/** A region's name without what people leave out or write differently: case, accents, dots, spaces. */
export function foldRegion(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
    .toLowerCase();
}

function readRegions(text: string): RegionList {
  const entries = text.split(';').map((entry) => {
    const [code = '', names = ''] = entry.split('=');
    return { code, names: names.split('|') };
  });
  const byText = new Map<string, string>();
  const shared = new Set<string>();
  for (const { code, names } of entries) {
    for (const name of names.map(foldRegion)) {
      // A name of two regions, as of a city and the county around it, means neither.
      if ((byText.get(name) ?? code) !== code) shared.add(name);
      byText.set(name, code);
    }
  }
  for (const name of shared) byText.delete(name);
  // Codes come last: a code that is also an old name of another region is the code.
  for (const { code } of entries) byText.set(foldRegion(code), code);
  return { codes: entries.map(({ code }) => code), byText };
}
