import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageArguments,
  readPageArguments,
} from '@mercato/pagination';
import { LRUCache } from 'lru-cache';
import { Prisma, type ShippingDatabase } from '../database.ts';
import type { Amounts, Rate, Zone } from './zone.ts';

interface ZoneRow extends Omit<Zone, 'rates'> {
  code: string;
  rates: (Omit<Rate, 'prices' | 'freeFrom'> & { prices: Record<string, string>; freeFrom: Record<string, string> })[];
}

const columns = Prisma.sql`
  z.id, z.code, z.name, z.countries, z.regions, z.postal_code_prefixes AS "postalCodePrefixes",
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'carrier', r.carrier, 'service', r.service,
    'prices', r.prices, 'freeFrom', r.free_from, 'minWeightInGrams', r.min_weight_in_grams,
    'maxWeightInGrams', r.max_weight_in_grams, 'minBusinessDays', r.min_business_days,
    'maxBusinessDays', r.max_business_days) ORDER BY r.position)
    FROM shipping_rate r WHERE r.zone_id = z.id), '[]') AS rates`;

const amounts = (texts: Record<string, string>): Amounts =>
  Object.fromEntries(Object.entries(texts).map(([currency, amount]) => [currency, BigInt(amount)]));

const zoneOf = ({ rates, ...zone }: ZoneRow) => ({
  ...zone,
  rates: rates.map((rate) => ({ ...rate, prices: amounts(rate.prices), freeFrom: amounts(rate.freeFrom) })),
});

export type ReadZones = () => Promise<readonly Zone[]>;

/** Milliseconds that zones are kept: they change a few times a year, and are asked for with every quote. */
const keptMs = 30_000;

/** All zones, from memory for a short while. */
export function zoneReader(db: ShippingDatabase): ReadZones {
  const cache = new LRUCache<'all', Promise<readonly Zone[]>>({ max: 1, ttl: keptMs });
  return () => {
    const known = cache.get('all');
    if (known) return known;
    const read = db.$queryRaw<ZoneRow[]>`SELECT ${columns} FROM shipping_zone z ORDER BY z.code`.then((rows) =>
      rows.map(zoneOf),
    );
    cache.set('all', read);
    read.catch(() => cache.delete('all'));
    return read;
  };
}

const byCode: KeysetSort = {
  name: 'CODE',
  columns: [{ expression: Prisma.sql`z.code`, direction: 'asc', type: 'text' }],
};

export type ZonePage = Connection<Zone>;

/** Zones for staff, by code. */
export async function listZones(db: ShippingDatabase, args: PageArguments): Promise<ZonePage> {
  const page = readPageArguments(args, { sort: byCode });
  const rows = await db.$queryRaw<ZoneRow[]>`
    SELECT ${columns} FROM shipping_zone z WHERE ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(
    rows.map(zoneOf),
    page,
    ({ code }) => [code],
    () => db.shippingZone.count(),
  );
}
